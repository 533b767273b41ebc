/* The kernel of ordering/crossing_matrix.py, step for step: a table of differences that follows every move. */
#include "common.h"

#include <stdlib.h>

typedef struct {
    PyObject_HEAD
    int32_t vertices;
    Links before, after;
    Layers layers;     /* vertex and place follow every move */
    int32_t *local;    /* where each vertex stood in its column at first: its place in the rows */
    int64_t **row;     /* of each vertex: what it costs behind each one of its column, less before it */
    int64_t *table;    /* all rows, one after the other */
    char *held, *dirty;
    int32_t *queue;    /* a ring of those to look at */
    int64_t queue_first, queue_count;
    int32_t *moved;    /* vertices moved since an attempt began, and where they stood */
    int64_t moved_count, moved_room;
    int64_t gained, spent;
    int busy;
    Pace pace;
} Board;

static int ascending(const void *one, const void *other)
{
    int32_t a = *(const int32_t *)one, b = *(const int32_t *)other;
    return (a > b) - (a < b);
}

static int64_t width_of(const Board *board, int32_t column)
{
    return board->layers.first[column + 1] - board->layers.first[column];
}

/* For each place beside a column: what a line to it costs behind a vertex with these ends, less before it. */
static void fill_table(const Links *near, int32_t vertex, const int32_t *place, int32_t *spots, int64_t width,
                       int64_t *table)
{
    int64_t first = near->first[vertex], count = near->first[vertex + 1] - first, next = 0, level = count;
    for (int64_t at = 0; at < count; at++)
        spots[at] = place[near->to[first + at]];
    if (count > 1)
        qsort(spots, (size_t)count, sizeof *spots, ascending);
    for (int64_t spot = 0; spot < width; spot++) {
        int64_t here = 0;
        while (next < count && spots[next] == spot) {
            next++;
            here++;
        }
        table[spot] = level - here;
        level -= 2 * here;
    }
}

/* The rows of one column; -1 when a handler of a signal raised. */
static int fill_column(Board *board, int32_t column, int32_t *spots, int64_t *left, int64_t *right)
{
    const Layers *layers = &board->layers;
    const Links *before = &board->before, *after = &board->after;
    int64_t width = width_of(board, column), first = layers->first[column];
    int64_t lefts = column ? width_of(board, column - 1) : 0;
    int64_t rights = column + 1 < layers->columns ? width_of(board, column + 1) : 0;
    for (int64_t index = 0; index < width; index++) {
        int32_t vertex = layers->vertex[first + index];
        int64_t steps = lefts + rights;
        fill_table(before, vertex, layers->place, spots, lefts, left);
        fill_table(after, vertex, layers->place, spots, rights, right);
        for (int64_t other = 0; other < width; other++) {
            int32_t passed = layers->vertex[first + other];
            int64_t sum = 0;
            for (int64_t at = before->first[passed]; at < before->first[passed + 1]; at++)
                sum += left[layers->place[before->to[at]]];
            for (int64_t at = after->first[passed]; at < after->first[passed + 1]; at++)
                sum += right[layers->place[after->to[at]]];
            board->row[vertex][other] = sum;
            steps += before->first[passed + 1] - before->first[passed] + after->first[passed + 1] - after->first[passed];
        }
        if (pace_step(&board->pace, steps + width) < 0)
            return -1;
    }
    board->spent += width * width;
    return 0;
}

/* Whether every segment leads from one column to the next. */
static int is_layered(const Board *board)
{
    for (int32_t vertex = 0; vertex < board->vertices; vertex++) {
        int32_t column = board->layers.column[vertex];
        for (int side = 0; side < 2; side++) {
            const Links *near = side ? &board->after : &board->before;
            for (int64_t at = near->first[vertex]; at < near->first[vertex + 1]; at++) {
                int32_t other = board->layers.column[near->to[at]];
                if (column < 0 || other != column + (side ? 1 : -1) || other < 0) {
                    PyErr_Format(PyExc_ValueError, "a segment of vertex %d leads to no next column", (int)vertex);
                    return 0;
                }
            }
        }
    }
    return 1;
}

static void look_at(Board *board, int32_t vertex)
{
    if (board->dirty[vertex])
        return;
    board->dirty[vertex] = 1;
    board->queue[(board->queue_first + board->queue_count++) % (board->vertices + (int64_t)1)] = vertex;
}

static int32_t next_to_look_at(Board *board)
{
    int32_t vertex = board->queue[board->queue_first];
    board->queue_first = (board->queue_first + 1) % (board->vertices + (int64_t)1);
    board->queue_count--;
    board->dirty[vertex] = 0;
    return vertex;
}

static void look_at_none(Board *board)
{
    while (board->queue_count)
        next_to_look_at(board);
}

/* Puts a vertex at a position of its column; with touched set those whose entries change are looked at later. */
static int move_vertex(Board *board, int32_t vertex, int32_t to, int touched)
{
    Layers *layers = &board->layers;
    int32_t start = layers->place[vertex];
    int32_t *layer = layers->vertex + layers->first[layers->column[vertex]];
    int64_t change = to > start ? 2 : -2, steps = to > start ? to - start : start - to;
    layer_move(layer, layers->place, start, to);
    /* Those passed stand one place nearer to where it was. */
    int32_t first = to > start ? start : to + 1, end = to > start ? to : start + 1;
    for (int side = 0; side < 2; side++) {
        const Links *near = side ? &board->after : &board->before;
        const int32_t *mine = near->to + near->first[vertex];
        int64_t ends = near->first[vertex + 1] - near->first[vertex], looked = end - first;
        if (ends == 0)
            continue;
        for (int32_t spot = first; spot < end; spot++) {
            int32_t passed = layer[spot];
            looked += near->first[passed + 1] - near->first[passed];
            for (int64_t at = near->first[passed]; at < near->first[passed + 1]; at++) {
                int32_t other = near->to[at];
                for (int64_t own = 0; own < ends; own++) {
                    if (mine[own] == other)
                        continue;
                    board->row[mine[own]][board->local[other]] += change;
                    board->row[other][board->local[mine[own]]] -= change;
                }
                if (touched)
                    look_at(board, other);
            }
        }
        for (int64_t own = 0; touched && own < ends; own++)
            look_at(board, mine[own]);
        board->spent += looked * ends;
        steps += looked * ends;
    }
    return pace_step(&board->pace, steps);
}

static int remember(Board *board, int32_t vertex, int32_t start)
{
    if (board->moved_count == board->moved_room) {
        int64_t wanted = board->moved_room ? 2 * board->moved_room : 64;
        int32_t *grown = kernel_room(2 * wanted, sizeof *grown);
        if (grown == NULL)
            return -1;
        for (int64_t index = 0; index < 2 * board->moved_count; index++)
            grown[index] = board->moved[index];
        PyMem_Free(board->moved);
        board->moved = grown;
        board->moved_room = wanted;
    }
    board->moved[2 * board->moved_count] = vertex;
    board->moved[2 * board->moved_count++ + 1] = start;
    return 0;
}

/* Moves those in the queue, and all that are touched by it, to their best positions until none improves. */
static int settle_queue(Board *board, int wander, int remembering, int64_t reach)
{
    int64_t ties = wander ? board->queue_count : 0;
    while (board->queue_count) {
        int32_t vertex = next_to_look_at(board);
        int32_t column = board->layers.column[vertex];
        const int32_t *layer = board->layers.vertex + board->layers.first[column];
        const int32_t *local = board->local;
        const int64_t *row = board->row[vertex];
        int64_t here = board->layers.place[vertex], width = width_of(board, column);
        int64_t low = here > reach ? here - reach : 0, high = width - here > reach ? here + reach + 1 : width;
        int64_t best = 1, to = here, sum = 0;
        board->spent += high - low + 10;
        if (board->held[vertex])
            continue;
        /* Moving towards the front adds the entries passed, moving towards the end subtracts them. */
        for (int64_t spot = here - 1; spot >= low; spot--) {
            sum += row[local[layer[spot]]];
            if (spot == here - 1 || sum < best) {
                best = sum;
                to = spot;
            }
        }
        sum = 0;
        for (int64_t spot = here + 1; spot < high; spot++) {
            sum -= row[local[layer[spot]]];
            if (sum < best) {
                best = sum;
                to = spot;
            }
        }
        if (best < 0 || (best == 0 && to != here && ties > 0)) {
            board->gained -= best;
            if (remembering && remember(board, vertex, (int32_t)here) < 0)
                return -1;
            if (move_vertex(board, vertex, (int32_t)to, 1) < 0)
                return -1;
        }
        ties--;
        if (pace_step(&board->pace, high - low) < 0)
            return -1;
    }
    return 0;
}

/* Reads the vertices; 1 where there is a list of them, in which none without a column is. */
static int64_t *vertices_of(const Board *board, PyObject *items, int64_t *count)
{
    int64_t *found = kernel_integers(items, 0, (int64_t)board->vertices - 1, count);
    for (int64_t index = 0; found != NULL && index < *count; index++)
        if (board->layers.column[found[index]] < 0) {
            PyErr_Format(PyExc_ValueError, "vertex %lld stands in no column", (long long)found[index]);
            PyMem_Free(found);
            return NULL;
        }
    return found;
}

/* Claims the board: while it pauses, another thread may come by. */
static int begin(Board *board)
{
    if (board->busy) {
        PyErr_SetString(PyExc_RuntimeError, "the board is in use by another thread or a signal's handler");
        return -1;
    }
    board->busy = 1;
    return 0;
}

static PyObject *board_settle(PyObject *self, PyObject *arguments)
{
    Board *board = (Board *)self;
    PyObject *items;
    int wander;
    int64_t count;
    if (!PyArg_ParseTuple(arguments, "Op", &items, &wander) || begin(board) < 0)
        return NULL;
    int64_t *vertices = vertices_of(board, items, &count);
    for (int64_t index = 0; vertices != NULL && index < count; index++)
        look_at(board, (int32_t)vertices[index]);
    int failed = vertices == NULL || settle_queue(board, wander, 0, MOST_VERTICES) < 0;
    PyMem_Free(vertices);
    look_at_none(board);
    board->busy = 0;
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

/* Crossings added by putting a vertex at a position. */
static int64_t cost_of_move(const Board *board, int32_t vertex, int32_t to)
{
    const int32_t *layer = board->layers.vertex + board->layers.first[board->layers.column[vertex]];
    int32_t here = board->layers.place[vertex];
    int64_t sum = 0;
    for (int32_t spot = to; spot < here; spot++)
        sum += board->row[vertex][board->local[layer[spot]]];
    for (int32_t spot = here + 1; spot <= to; spot++)
        sum -= board->row[vertex][board->local[layer[spot]]];
    return sum;
}

/* The moves of an attempt, then what they touch; the change, or -1 with failed set. */
static int64_t attempted(Board *board, const int64_t *vertices, int64_t count, double height, int64_t reach,
                         int *failed)
{
    int64_t before = board->gained, added = 0;
    board->moved_count = 0;
    *failed = 1;
    for (int64_t index = 0; index < count; index++) {
        int32_t vertex = (int32_t)vertices[index], here = board->layers.place[vertex];
        int32_t to = (int32_t)(height * (double)width_of(board, board->layers.column[vertex]));
        if (here == to)
            continue;
        added += cost_of_move(board, vertex, to);
        if (remember(board, vertex, here) < 0 || move_vertex(board, vertex, to, 1) < 0)
            return -1;
    }
    if (settle_queue(board, 0, 1, reach) < 0)
        return -1;
    int64_t change = board->gained - before - added;
    for (int64_t number = board->moved_count - 1; change < 0 && number >= 0; number--)
        if (move_vertex(board, board->moved[2 * number], board->moved[2 * number + 1], 0) < 0)
            return -1;
    *failed = 0;
    return change;
}

static PyObject *board_attempt(PyObject *self, PyObject *arguments)
{
    Board *board = (Board *)self;
    PyObject *items;
    double height;
    long long reach;
    int64_t count, change = 0;
    int failed = 1;
    if (!PyArg_ParseTuple(arguments, "OdL", &items, &height, &reach))
        return NULL;
    if (!(height >= 0 && height < 1) || reach < 0) {
        PyErr_SetString(PyExc_ValueError, "a height outside of 0 to 1, or a reach below 0");
        return NULL;
    }
    if (begin(board) < 0)
        return NULL;
    int64_t *vertices = vertices_of(board, items, &count);
    if (vertices != NULL)
        change = attempted(board, vertices, count, height, reach > MOST_VERTICES ? MOST_VERTICES : reach, &failed);
    PyMem_Free(vertices);
    look_at_none(board);
    board->busy = 0;
    return failed ? NULL : PyLong_FromLongLong(change);
}

static PyObject *board_layers(PyObject *self, PyObject *nothing)
{
    const Layers *layers = &((Board *)self)->layers;
    (void)nothing;
    PyObject *found = PyList_New(layers->columns);
    for (int32_t column = 0; found != NULL && column < layers->columns; column++) {
        int64_t first = layers->first[column], count = layers->first[column + 1] - first;
        PyObject *list = PyList_New((Py_ssize_t)count);
        for (int64_t index = 0; list != NULL && index < count; index++) {
            PyObject *vertex = PyLong_FromLong(layers->vertex[first + index]);
            if (vertex == NULL || PyList_SetItem(list, (Py_ssize_t)index, vertex) < 0)
                Py_CLEAR(list);
        }
        if (list == NULL || PyList_SetItem(found, column, list) < 0)
            Py_CLEAR(found);
    }
    return found;
}

static PyObject *board_gained(PyObject *self, void *nothing)
{
    (void)nothing;
    return PyLong_FromLongLong(((Board *)self)->gained);
}

static PyObject *board_spent(PyObject *self, void *nothing)
{
    (void)nothing;
    return PyLong_FromLongLong(((Board *)self)->spent);
}

static void board_free(PyObject *self)
{
    Board *board = (Board *)self;
    PyTypeObject *type = Py_TYPE(self);
    links_free(&board->before);
    links_free(&board->after);
    layers_free(&board->layers);
    PyMem_Free(board->local);
    PyMem_Free(board->row);
    PyMem_Free(board->table);
    PyMem_Free(board->held);
    PyMem_Free(board->dirty);
    PyMem_Free(board->queue);
    PyMem_Free(board->moved);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

/* Makes room for the rows and fills them. */
static int fill(Board *board)
{
    int32_t vertices = board->vertices;
    int64_t widest = 0, entries = 0, degree = 0;
    for (int32_t column = 0; column < board->layers.columns; column++) {
        int64_t width = width_of(board, column);
        entries += width * width;
        widest = width > widest ? width : widest;
    }
    board->local = kernel_room(vertices, sizeof *board->local);
    board->row = kernel_room(vertices, sizeof *board->row);
    board->table = kernel_room(entries, sizeof *board->table);
    board->held = kernel_room(vertices, 1);
    board->dirty = kernel_room(vertices, 1);
    board->queue = kernel_room(vertices + (int64_t)1, sizeof *board->queue);
    if (!board->local || !board->row || !board->table || !board->held || !board->dirty || !board->queue)
        return -1;
    int64_t *row = board->table;
    for (int32_t vertex = 0; vertex < vertices; vertex++) {
        int64_t lefts = board->before.first[vertex + 1] - board->before.first[vertex];
        int64_t rights = board->after.first[vertex + 1] - board->after.first[vertex];
        degree = lefts > degree ? lefts : degree;
        degree = rights > degree ? rights : degree;
        board->local[vertex] = board->layers.place[vertex];
        board->row[vertex] = row;
        if (board->layers.column[vertex] >= 0)
            row += width_of(board, board->layers.column[vertex]);
    }
    int32_t *spots = kernel_room(degree, sizeof *spots);
    int64_t *left = kernel_room(widest, sizeof *left), *right = kernel_room(widest, sizeof *right);
    int failed = spots == NULL || left == NULL || right == NULL;
    for (int32_t column = 0; !failed && column < board->layers.columns; column++)
        failed = fill_column(board, column, spots, left, right) < 0;
    PyMem_Free(spots);
    PyMem_Free(left);
    PyMem_Free(right);
    return failed ? -1 : 0;
}

PyObject *kernel_board(PyObject *module, PyObject *arguments)
{
    PyObject *lists, *rows_before, *rows_after, *pins;
    if (!PyArg_ParseTuple(arguments, "OOOO", &lists, &rows_before, &rows_after, &pins))
        return NULL;
    Py_ssize_t vertices = kernel_length(rows_before);
    if (vertices < 0)
        return NULL;
    if (vertices > MOST_VERTICES) {
        PyErr_SetString(PyExc_OverflowError, "too many vertices");
        return NULL;
    }
    PyTypeObject *type = *(PyTypeObject **)PyModule_GetState(module);
    PyObject *self = ((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (self == NULL)
        return NULL;
    Board *board = (Board *)self;
    int64_t staying = 0, *stay = NULL;
    board->vertices = (int32_t)vertices;
    if (links_read(&board->before, rows_before, board->vertices) == 0 &&
        links_read(&board->after, rows_after, board->vertices) == 0 &&
        layers_read(&board->layers, lists, board->vertices) == 0 && is_layered(board) && fill(board) == 0)
        stay = kernel_integers(pins, 0, (int64_t)vertices - 1, &staying);
    if (stay == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    for (int64_t index = 0; index < staying; index++)
        board->held[stay[index]] = 1;
    PyMem_Free(stay);
    Py_CLEAR(board->layers.lists);
    return self;
}

static PyMethodDef methods[] = {
    {"settle", board_settle, METH_VARARGS, "settle(vertices, wander)"},
    {"attempt", board_attempt, METH_VARARGS, "attempt(vertices, height, reach) -> crossings removed"},
    {"layers", board_layers, METH_NOARGS, "layers() -> the vertices of each column in their present order"},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef figures[] = {
    {"gained", board_gained, NULL, "crossings removed", NULL},
    {"spent", board_spent, NULL, "entries read and written", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, board_free},
    {Py_tp_methods, methods},
    {Py_tp_getset, figures},
    {Py_tp_doc, "An order of all columns that is improved move by move."},
    {0, NULL},
};

static PyType_Spec spec = {
    "analytics.layout.kernels._compiled.Board",
    sizeof(Board),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    slots,
};

PyObject *board_type_new(PyObject *module)
{
    return PyType_FromModuleAndSpec(module, &spec, NULL);
}
