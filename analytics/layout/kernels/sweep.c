/* The kernel of the sweeps in ordering/order.py, with barycenter.py and crossings.py, step for step. */
#include "common.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    double key;
    int32_t vertex;
} Keyed;

typedef struct {
    int32_t *spots, *spare; /* of the neighbours of one vertex, or of all segments of a gap */
    Keyed *keyed, *sorted;
} Room;

static int ascending(const void *one, const void *other)
{
    int32_t a = *(const int32_t *)one, b = *(const int32_t *)other;
    return (a > b) - (a < b);
}

/* Sorts the keys; equal ones keep their order. */
static void sort_keyed(Keyed *items, Keyed *spare, int32_t count)
{
    Keyed *from = items, *to = spare;
    for (int64_t width = 1; width < count; width *= 2) {
        for (int64_t low = 0; low < count; low += 2 * width) {
            int64_t middle = low + width < count ? low + width : count;
            int64_t high = middle + width < count ? middle + width : count;
            int64_t left = low, right = middle;
            for (int64_t at = low; at < high; at++)
                to[at] = left < middle && (right >= high || from[left].key <= from[right].key) ? from[left++]
                                                                                             : from[right++];
        }
        Keyed *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, (size_t)count * sizeof *items);
}

/* Sorts the spots and counts the pairs in which the larger one stood first. */
static int64_t sort_counting(int32_t *items, int32_t *spare, int64_t count)
{
    int64_t pairs = 0;
    int32_t *from = items, *to = spare;
    for (int64_t width = 1; width < count; width *= 2) {
        for (int64_t low = 0; low < count; low += 2 * width) {
            int64_t middle = low + width < count ? low + width : count;
            int64_t high = middle + width < count ? middle + width : count;
            int64_t left = low, right = middle;
            for (int64_t at = low; at < high; at++) {
                if (left < middle && (right >= high || from[left] <= from[right])) {
                    to[at] = from[left++];
                } else {
                    pairs += middle - left;
                    to[at] = from[right++];
                }
            }
        }
        int32_t *swap = from;
        from = to;
        to = swap;
    }
    return pairs;
}

static double mean_of(const Links *near, int32_t vertex, const int32_t *place)
{
    int64_t first = near->first[vertex], end = near->first[vertex + 1], sum = 0;
    for (int64_t at = first; at < end; at++)
        sum += place[near->to[at]];
    return (double)sum / (double)(end - first);
}

static double median_of(const Links *near, int32_t vertex, const int32_t *place, int32_t *spots)
{
    int64_t first = near->first[vertex], count = near->first[vertex + 1] - first, middle = count / 2;
    for (int64_t at = 0; at < count; at++)
        spots[at] = place[near->to[first + at]];
    if (count > 1)
        qsort(spots, (size_t)count, sizeof *spots, ascending);
    if (count % 2)
        return spots[middle];
    if (count == 2)
        return (double)((int64_t)spots[0] + spots[1]) / 2;
    int64_t left = (int64_t)spots[middle - 1] - spots[0], right = (int64_t)spots[count - 1] - spots[middle];
    int64_t one = spots[middle - 1], other = spots[middle];
    if (left + right == 0)
        return (double)(one + other) / 2;
    return (double)(one * right + other * left) / (double)(left + right);
}

static void sort_layer(Layers *layers, int32_t column, const Links *near, int flat, int flip, const Room *room)
{
    int32_t *layer = layers->vertex + layers->first[column];
    int32_t count = (int32_t)(layers->first[column + 1] - layers->first[column]), movable = 0;
    for (int32_t index = 0; index < count; index++) {
        int32_t vertex = layer[flip ? count - 1 - index : index];
        if (near->first[vertex] == near->first[vertex + 1])
            continue;
        room->keyed[movable].vertex = vertex;
        room->keyed[movable++].key = flat ? mean_of(near, vertex, layers->place)
                                          : median_of(near, vertex, layers->place, room->spots);
    }
    sort_keyed(room->keyed, room->sorted, movable);
    int32_t next = 0;
    for (int32_t index = 0; index < count; index++)
        if (near->first[layer[index]] != near->first[layer[index] + 1])
            layer[index] = room->keyed[next++].vertex;
    for (int32_t index = 0; index < count; index++)
        layers->place[layer[index]] = index;
}

static int64_t count_all(const Layers *layers, const Links *after, const Room *room)
{
    int64_t crossings = 0;
    for (int32_t column = 0; column + 1 < layers->columns; column++) {
        int64_t ends = 0;
        for (int64_t index = layers->first[column]; index < layers->first[column + 1]; index++) {
            int32_t vertex = layers->vertex[index];
            int64_t first = after->first[vertex], degree = after->first[vertex + 1] - first;
            for (int64_t at = 0; at < degree; at++)
                room->spots[ends + at] = layers->place[after->to[first + at]];
            if (degree > 1)
                qsort(room->spots + ends, (size_t)degree, sizeof *room->spots, ascending);
            ends += degree;
        }
        crossings += sort_counting(room->spots, room->spare, ends);
    }
    return crossings;
}

PyObject *kernel_swept(PyObject *module, PyObject *arguments)
{
    PyObject *lists, *rows_before, *rows_after, *answer = NULL;
    int flat, first_stays, last_stays;
    long long sweeps, patience;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOOpppLL", &lists, &rows_before, &rows_after, &flat, &first_stays, &last_stays,
                          &sweeps, &patience))
        return NULL;
    Py_ssize_t size = kernel_length(rows_before);
    if (size < 0)
        return NULL;
    if (size > MOST_VERTICES) {
        PyErr_SetString(PyExc_OverflowError, "too many vertices");
        return NULL;
    }
    int32_t vertices = (int32_t)size, *kept = NULL;
    Links before = {0}, after = {0};
    Layers layers = {0};
    Room room = {0};
    Pace pace = {0};
    if (links_read(&before, rows_before, vertices) < 0 || links_read(&after, rows_after, vertices) < 0 ||
        layers_read(&layers, lists, vertices) < 0)
        goto done;
    int64_t segments = after.first[vertices] > before.first[vertices] ? after.first[vertices] : before.first[vertices];
    int64_t all = layers.first[layers.columns], steps = 8 * (segments + vertices) + 1;
    room.spots = kernel_room(segments, sizeof *room.spots);
    room.spare = kernel_room(segments, sizeof *room.spare);
    room.keyed = kernel_room(vertices, sizeof *room.keyed);
    room.sorted = kernel_room(vertices, sizeof *room.sorted);
    kept = kernel_room(all, sizeof *kept);
    if (!room.spots || !room.spare || !room.keyed || !room.sorted || !kept)
        goto done;
    memcpy(kept, layers.vertex, (size_t)all * sizeof *kept);
    int64_t fewest = count_all(&layers, &after, &room), turn = 0, idle = 0;
    while (turn < sweeps && idle < patience && fewest) {
        if (turn % 2 == 0) {
            for (int32_t column = 1; column < layers.columns - last_stays; column++)
                sort_layer(&layers, column, &before, flat, turn % 4 == 2, &room);
        } else {
            for (int32_t column = layers.columns - 2; column >= first_stays; column--)
                sort_layer(&layers, column, &after, flat, turn % 4 == 3, &room);
        }
        int64_t crossings = count_all(&layers, &after, &room);
        idle++;
        if (crossings < fewest) {
            fewest = crossings;
            idle = 0;
            memcpy(kept, layers.vertex, (size_t)all * sizeof *kept);
        }
        turn++;
        if (pace_step(&pace, steps) < 0)
            goto done;
    }
    memcpy(layers.vertex, kept, (size_t)all * sizeof *kept);
    if (layers_write(&layers) == 0)
        answer = Py_BuildValue("LL", (long long)fewest, (long long)turn + 1);
done:
    links_free(&before);
    links_free(&after);
    layers_free(&layers);
    PyMem_Free(room.spots);
    PyMem_Free(room.spare);
    PyMem_Free(room.keyed);
    PyMem_Free(room.sorted);
    PyMem_Free(kept);
    return answer;
}
