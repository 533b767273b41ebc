/* The kernel of ordering/sifting.py, step for step: each vertex to its best position within reach. */
#include "common.h"

#include <stdlib.h>

/* With more ends than this they are searched, with fewer compared one by one. */
#define FEW 8

static int ascending(const void *one, const void *other)
{
    int32_t a = *(const int32_t *)one, b = *(const int32_t *)other;
    return (a > b) - (a < b);
}

/* The places of each vertex's neighbours, sorted, in the rows of the links. */
static void spots_of_layer(const Links *near, const int32_t *layer, int32_t count, const int32_t *place, int32_t *spots)
{
    for (int32_t index = 0; index < count; index++) {
        int64_t first = near->first[layer[index]], end = near->first[layer[index] + 1];
        for (int64_t at = first; at < end; at++)
            spots[at] = place[near->to[at]];
        if (end - first > 1)
            qsort(spots + first, (size_t)(end - first), sizeof *spots, ascending);
    }
}

/* How many sorted spots are less than the value. */
static int64_t spots_below(const int32_t *spots, int64_t count, int64_t value)
{
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (spots[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What the lines of two vertices to one side cross when the first stands behind the second, less when before it. */
static int64_t difference(const int32_t *own, int64_t ends, const int32_t *other, int64_t others)
{
    int64_t sum = 0;
    if (ends == 0)
        return 0;
    if (ends <= FEW) {
        for (int64_t at = 0; at < others; at++)
            for (int64_t end = 0; end < ends; end++)
                sum += (own[end] > other[at]) - (own[end] < other[at]);
        return sum;
    }
    for (int64_t at = 0; at < others; at++)
        sum += ends - spots_below(own, ends, other[at]) - spots_below(own, ends, (int64_t)other[at] + 1);
    return sum;
}

typedef struct {
    const Links *links;
    int32_t *spots;
} Side;

static int64_t difference_of(const Side *sides, int32_t vertex, int32_t other, int64_t *read)
{
    int64_t sum = 0;
    for (int side = 0; side < 2; side++) {
        const int64_t *first = sides[side].links->first;
        int64_t ends = first[vertex + 1] - first[vertex], others = first[other + 1] - first[other];
        sum += difference(sides[side].spots + first[vertex], ends, sides[side].spots + first[other], others);
        *read += others * (ends < FEW ? ends : FEW);
    }
    return sum;
}

PyObject *kernel_improve_within_reach(PyObject *module, PyObject *arguments)
{
    PyObject *lists, *rows_before, *rows_after, *pins, *answer = NULL;
    int wander;
    long long asked;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOOpLO", &lists, &rows_before, &rows_after, &wander, &asked, &pins))
        return NULL;
    Py_ssize_t size = kernel_length(rows_before);
    if (size < 0)
        return NULL;
    if (size > MOST_VERTICES || asked < 0) {
        PyErr_SetString(PyExc_ValueError, "too many vertices, or a reach below 0");
        return NULL;
    }
    int32_t vertices = (int32_t)size;
    int32_t reach = asked > MOST_VERTICES ? MOST_VERTICES : (int32_t)asked;
    Links before = {0}, after = {0};
    Layers layers = {0};
    Side sides[2] = {{&before, NULL}, {&after, NULL}};
    int32_t *turn = NULL;
    char *held = NULL;
    int64_t *stay = NULL, staying = 0, removed = 0, looked = 0;
    Pace pace = {0};
    if (links_read(&before, rows_before, vertices) < 0 || links_read(&after, rows_after, vertices) < 0 ||
        layers_read(&layers, lists, vertices) < 0)
        goto done;
    sides[0].spots = kernel_room(before.first[vertices], sizeof *sides[0].spots);
    sides[1].spots = kernel_room(after.first[vertices], sizeof *sides[1].spots);
    turn = kernel_room(vertices, sizeof *turn);
    held = kernel_room(vertices, 1);
    stay = kernel_integers(pins, 0, (int64_t)vertices - 1, &staying);
    if (sides[0].spots == NULL || sides[1].spots == NULL || turn == NULL || held == NULL || stay == NULL)
        goto done;
    for (int64_t index = 0; index < staying; index++)
        held[stay[index]] = 1;
    for (int32_t column = 0; column < layers.columns; column++) {
        int32_t *layer = layers.vertex + layers.first[column];
        int32_t count = (int32_t)(layers.first[column + 1] - layers.first[column]);
        looked += count;
        if (count < 2)
            continue;
        for (int side = 0; side < 2; side++)
            spots_of_layer(sides[side].links, layer, count, layers.place, sides[side].spots);
        for (int32_t index = 0; index < count; index++)
            turn[index] = layer[index];
        for (int32_t index = 0; index < count; index++) {
            int32_t vertex = turn[index], here = layers.place[vertex];
            if (held[vertex])
                continue;
            int32_t low = here > reach ? here - reach : 0;
            int32_t high = count - here > reach ? here + reach + 1 : count;
            int64_t best = 1, sum = 0, read = high - low;
            int32_t to = here;
            looked += high - low;
            for (int32_t spot = here - 1; spot >= low; spot--) {
                sum += difference_of(sides, vertex, layer[spot], &read);
                if (spot == here - 1 || sum < best) {
                    best = sum;
                    to = spot;
                }
            }
            /* To the front first where both are as good. */
            sum = 0;
            for (int32_t spot = here + 1; spot < high; spot++) {
                sum -= difference_of(sides, vertex, layer[spot], &read);
                if (sum < best) {
                    best = sum;
                    to = spot;
                }
            }
            if (pace_step(&pace, read) < 0)
                goto done;
            if (to == here || best > 0 || (best == 0 && !wander))
                continue;
            removed -= best;
            layer_move(layer, layers.place, here, to);
        }
    }
    if (layers_write(&layers) == 0)
        answer = Py_BuildValue("LL", (long long)removed, (long long)looked);
done:
    links_free(&before);
    links_free(&after);
    layers_free(&layers);
    PyMem_Free(sides[0].spots);
    PyMem_Free(sides[1].spots);
    PyMem_Free(turn);
    PyMem_Free(held);
    PyMem_Free(stay);
    return answer;
}
