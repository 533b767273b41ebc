/* The kernel of ordering/edge_insertion.py, step for step: long lines are laid anew, all their columns at once. */
#include "common.h"

/* The least weight of a vertex that is passed, and the weight of each of its lines. */
#define LEAST 12
#define STEPS 6

/* The positions of a column that a line may choose from. */
typedef struct {
    const int32_t *vertex; /* those that stand there, in their order */
    int32_t column, first, count, own, spot;
} Window;

typedef struct {
    Window *windows;
    int64_t *reach, *costs; /* one for each position of a window */
    int64_t *back, *ahead, *onto;
    int64_t *origin; /* of each position of each window but the first, one window after the other */
    int64_t *way;    /* the position chosen in each window */
} Room;

/* What a segment to a spot costs from each position, less what it costs from the first; spots are counted twofold. */
static void passing(const Links *near, const int32_t *place, const Window *window, int64_t twice, int64_t *costs)
{
    costs[0] = 0;
    for (int32_t index = 0; index < window->count; index++) {
        int32_t vertex = window->vertex[index];
        int64_t change = 0;
        if (vertex != window->own)
            for (int64_t at = near->first[vertex]; at < near->first[vertex + 1]; at++) {
                int64_t spot = 2 * (int64_t)place[near->to[at]];
                change += (spot > twice) - (spot < twice);
            }
        costs[index + 1] = costs[index] + change;
    }
}

/* From the fewest crossings up to each position of one window to those of the next; see _next_column. */
static void next_column(Room *room, const Window *here, const Window *there, const Links *before, const int32_t *place,
                        int64_t *origin)
{
    int64_t count = (int64_t)here->count + 1, *costs = room->reach;
    int64_t *back = room->back, *ahead = room->ahead, *onto = room->onto;
    int64_t later = count - 1, least = costs[later];
    for (int64_t position = 0; position < count; position++) {
        back[position] = -1;
        ahead[position] = 0;
    }
    onto[later] = later;
    for (int64_t position = count - 2; position >= 0; position--) {
        if (costs[position] < least) {
            back[later] = position;
            ahead[later] = least - costs[position];
            later = position;
            least = costs[position];
        }
        onto[position] = later;
    }
    int64_t first = later, value = least;
    room->costs[0] = value;
    origin[0] = first;
    for (int32_t index = 0; index < there->count; index++) {
        int32_t vertex = there->vertex[index];
        for (int64_t at = before->first[vertex]; vertex != there->own && at < before->first[vertex + 1]; at++) {
            int64_t behind = (int64_t)place[before->to[at]] + 1 - here->first;
            if (behind <= first) {
                value--;
                continue;
            }
            value++;
            if (behind >= count)
                continue;
            int64_t kept = onto[behind];
            while (onto[kept] != kept)
                kept = onto[kept];
            onto[behind] = kept;
            int64_t left = ahead[kept] - 2;
            while (left <= 0) {
                int64_t gone = back[kept];
                if (gone < 0) /* the first position is never dearer than itself */
                    break;
                onto[gone] = kept;
                if (gone == first) {
                    first = kept;
                    value += left;
                    break;
                }
                back[kept] = back[gone];
                left += ahead[gone];
            }
            ahead[kept] = left;
        }
        room->costs[index + 1] = value;
        origin[index + 1] = first;
    }
    int64_t *swap = room->reach;
    room->reach = room->costs;
    room->costs = swap;
}

/* Crossings that a better way saves; then the position before which each dummy goes stands in way, else 0. */
static int64_t cheaper_way(Room *room, int32_t count, const Links *before, const Links *after, const int32_t *place,
                           int32_t start, int32_t end)
{
    const Window *here = &room->windows[0];
    int64_t *origin = room->origin;
    passing(before, place, here, 2 * (int64_t)start, room->reach);
    int64_t present = room->reach[here->spot - here->first];
    for (int32_t number = 1; number < count; number++) {
        const Window *there = &room->windows[number];
        passing(after, place, here, 2 * (int64_t)there->first - 1, room->costs);
        for (int32_t index = 0; index < there->spot - there->first; index++) {
            int32_t vertex = there->vertex[index];
            for (int64_t at = before->first[vertex]; at < before->first[vertex + 1]; at++)
                present += place[before->to[at]] > here->spot ? 1 : -1;
        }
        present += room->costs[here->spot - here->first];
        for (int32_t position = 0; position <= here->count; position++)
            room->reach[position] += room->costs[position];
        next_column(room, here, there, before, place, origin);
        origin += (int64_t)there->count + 1;
        here = there;
    }
    passing(after, place, here, 2 * (int64_t)end, room->costs);
    present += room->costs[here->spot - here->first];
    int64_t best = 0, chosen = -1;
    for (int32_t position = 0; position <= here->count; position++) {
        int64_t cost = room->reach[position] + room->costs[position];
        if (chosen < 0 || cost < best) {
            best = cost;
            chosen = position;
        }
    }
    if (best >= present)
        return 0;
    for (int32_t number = count - 1; number >= 0; number--) {
        room->way[number] = room->windows[number].first + chosen;
        if (number) {
            origin -= (int64_t)room->windows[number].count + 1;
            chosen = origin[chosen];
        }
    }
    return present - best;
}

/* Marks the vertices one of whose segments crosses another one. */
static void mark_crossed(const Layers *layers, const Links *after, int32_t vertices, char *met)
{
    for (int32_t vertex = 0; vertex < vertices; vertex++)
        met[vertex] = 0;
    for (int32_t column = 0; column + 1 < layers->columns; column++) {
        int64_t first = layers->first[column], count = layers->first[column + 1] - first;
        for (int way = -1; way <= 1; way += 2) {
            int64_t limit = INT64_MAX;
            for (int64_t step = 0; step < count; step++) {
                int32_t vertex = layers->vertex[way < 0 ? first + step : first + count - 1 - step];
                int64_t waiting = INT64_MAX;
                for (int64_t at = after->first[vertex]; at < after->first[vertex + 1]; at++) {
                    int64_t spot = (int64_t)layers->place[after->to[at]] * way;
                    if (limit < spot)
                        met[vertex] = met[after->to[at]] = 1;
                    if (spot < waiting)
                        waiting = spot;
                }
                if (waiting < limit)
                    limit = waiting;
            }
        }
    }
}

/* Whether all dummies of a line are its own, and stand in columns of their own. */
static int may_move(const int64_t *chain, int64_t length, const Links *before, const Links *after,
                    const Layers *layers)
{
    if (length <= 3)
        return 0;
    for (int64_t index = 1; index < length - 1; index++) {
        int64_t vertex = chain[index];
        if (before->first[vertex + 1] - before->first[vertex] != 1 || after->first[vertex + 1] - after->first[vertex] != 1)
            return 0;
        if (layers->column[vertex] < 0 || (index > 1 && layers->column[chain[index - 1]] >= layers->column[vertex]))
            return 0;
    }
    return 1;
}

PyObject *kernel_rethread(PyObject *module, PyObject *arguments)
{
    PyObject *lists, *rows_before, *rows_after, *rows_chains, *answer = NULL;
    long long asked, work, passes;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOOOLLL", &lists, &rows_before, &rows_after, &rows_chains, &asked, &work, &passes))
        return NULL;
    Py_ssize_t size = kernel_length(rows_before), lines = size < 0 ? -1 : kernel_length(rows_chains);
    if (lines < 0)
        return NULL;
    if (size > MOST_VERTICES || asked < 0) {
        PyErr_SetString(PyExc_ValueError, "too many vertices, or a reach below 0");
        return NULL;
    }
    int32_t vertices = (int32_t)size, reach = asked > MOST_VERTICES ? MOST_VERTICES : (int32_t)asked;
    Links before = {0}, after = {0};
    Layers layers = {0};
    Room room = {0};
    Pace pace = {0};
    char *met = NULL;
    int64_t **chains = kernel_room(lines, sizeof *chains), *lengths = kernel_room(lines, sizeof *lengths);
    int64_t longest = 0, widest = 0, saved = 0, spent = 0;
    if (chains == NULL || lengths == NULL || links_read(&before, rows_before, vertices) < 0 ||
        links_read(&after, rows_after, vertices) < 0 || layers_read(&layers, lists, vertices) < 0)
        goto done;
    for (Py_ssize_t line = 0; line < lines; line++) {
        PyObject *chain = kernel_item(rows_chains, line);
        if (chain == NULL)
            goto done;
        chains[line] = kernel_integers(chain, 0, (int64_t)vertices - 1, &lengths[line]);
        if (chains[line] == NULL)
            goto done;
        if (!may_move(chains[line], lengths[line], &before, &after, &layers))
            lengths[line] = 0;
        if (lengths[line] > longest)
            longest = lengths[line];
    }
    for (int32_t column = 0; column < layers.columns; column++)
        if (layers.first[column + 1] - layers.first[column] > widest)
            widest = layers.first[column + 1] - layers.first[column];
    if (widest > 2 * (int64_t)reach + 1)
        widest = 2 * (int64_t)reach + 1;
    room.windows = kernel_room(longest, sizeof *room.windows);
    room.reach = kernel_room(widest + 1, sizeof *room.reach);
    room.costs = kernel_room(widest + 1, sizeof *room.costs);
    room.back = kernel_room(widest + 1, sizeof *room.back);
    room.ahead = kernel_room(widest + 1, sizeof *room.ahead);
    room.onto = kernel_room(widest + 1, sizeof *room.onto);
    room.origin = kernel_room(longest * (widest + 1), sizeof *room.origin);
    room.way = kernel_room(longest, sizeof *room.way);
    met = kernel_room(vertices, 1);
    if (!room.windows || !room.reach || !room.costs || !room.back || !room.ahead || !room.onto || !room.origin ||
        !room.way || !met)
        goto done;
    int over = 0;
    for (long long pass = 0; pass < passes && !over; pass++) {
        int64_t start = saved;
        mark_crossed(&layers, &after, vertices, met);
        for (Py_ssize_t line = 0; line < lines && !over; line++) {
            const int64_t *chain = chains[line];
            int32_t count = (int32_t)lengths[line] - 2;
            int crosses = 0;
            if (count < 2)
                continue;
            if (spent > work) {
                over = 1;
                break;
            }
            for (int32_t number = 0; number < count; number++)
                crosses |= met[chain[number + 1]];
            if (!crosses)
                continue;
            int64_t weight = 0;
            for (int32_t number = 0; number < count; number++) {
                Window *window = &room.windows[number];
                window->own = (int32_t)chain[number + 1];
                window->column = layers.column[window->own];
                window->spot = layers.place[window->own];
                window->first = window->spot > reach ? window->spot - reach : 0;
                int64_t first = layers.first[window->column], width = layers.first[window->column + 1] - first;
                int64_t end = width - window->spot > reach ? (int64_t)window->spot + reach + 1 : width;
                window->vertex = layers.vertex + first + window->first;
                window->count = (int32_t)(end - window->first);
                for (int32_t index = 0; index < window->count; index++) {
                    int32_t vertex = window->vertex[index];
                    int64_t degree = before.first[vertex + 1] - before.first[vertex] + after.first[vertex + 1] -
                                     after.first[vertex];
                    weight += STEPS * degree > LEAST ? STEPS * degree : LEAST;
                }
            }
            spent += weight;
            int64_t gain = cheaper_way(&room, count, &before, &after, layers.place, layers.place[chain[0]],
                                       layers.place[chain[count + 1]]);
            if (gain) {
                saved += gain;
                for (int32_t number = 0; number < count; number++) {
                    const Window *window = &room.windows[number];
                    int32_t spot = (int32_t)room.way[number];
                    layer_move(layers.vertex + layers.first[window->column], layers.place, window->spot,
                               spot - (spot > window->spot));
                }
            }
            if (pace_step(&pace, weight) < 0)
                goto done;
        }
        if (saved == start)
            break;
    }
    if (layers_write(&layers) == 0)
        answer = Py_BuildValue("LL", (long long)saved, (long long)spent);
done:
    links_free(&before);
    links_free(&after);
    layers_free(&layers);
    for (Py_ssize_t line = 0; chains != NULL && line < lines; line++)
        PyMem_Free(chains[line]);
    PyMem_Free(chains);
    PyMem_Free(lengths);
    PyMem_Free(room.windows);
    PyMem_Free(room.reach);
    PyMem_Free(room.costs);
    PyMem_Free(room.back);
    PyMem_Free(room.ahead);
    PyMem_Free(room.onto);
    PyMem_Free(room.origin);
    PyMem_Free(room.way);
    PyMem_Free(met);
    return answer;
}
