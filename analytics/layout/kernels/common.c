#include "common.h"

#include <string.h>

/* Steps from one pause to the next, a few milliseconds of work. */
#define PAUSE 500000

void *kernel_room(int64_t items, size_t size)
{
    if (items < 0 || (uint64_t)items > (uint64_t)PY_SSIZE_T_MAX / size) {
        PyErr_NoMemory();
        return NULL;
    }
    void *room = PyMem_Calloc(items ? (size_t)items : 1, size);
    if (room == NULL)
        PyErr_NoMemory();
    return room;
}

int kernel_integer(PyObject *object, int64_t low, int64_t high, int64_t *value)
{
    if (!PyLong_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "a kernel takes whole numbers only");
        return -1;
    }
    int overflow = 0;
    long long found = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (found == -1 && PyErr_Occurred())
        return -1;
    if (overflow || found < low || found > high) {
        PyErr_Format(PyExc_ValueError, "a number outside of %lld to %lld", (long long)low, (long long)high);
        return -1;
    }
    *value = found;
    return 0;
}

Py_ssize_t kernel_length(PyObject *sequence)
{
    if (PyTuple_Check(sequence))
        return PyTuple_Size(sequence);
    if (PyList_Check(sequence))
        return PyList_Size(sequence);
    PyErr_SetString(PyExc_TypeError, "a kernel takes lists and tuples only");
    return -1;
}

PyObject *kernel_item(PyObject *sequence, Py_ssize_t index)
{
    return PyTuple_Check(sequence) ? PyTuple_GetItem(sequence, index) : PyList_GetItem(sequence, index);
}

int64_t *kernel_integers(PyObject *items, int64_t low, int64_t high, int64_t *count)
{
    Py_ssize_t length = kernel_length(items);
    if (length < 0)
        return NULL;
    int64_t *found = kernel_room(length, sizeof *found);
    if (found == NULL)
        return NULL;
    for (Py_ssize_t index = 0; index < length; index++) {
        PyObject *item = kernel_item(items, index);
        if (item == NULL || kernel_integer(item, low, high, &found[index]) < 0) {
            PyMem_Free(found);
            return NULL;
        }
    }
    *count = length;
    return found;
}

int links_read(Links *links, PyObject *rows, int32_t vertices)
{
    links->to = NULL;
    links->first = NULL;
    Py_ssize_t length = kernel_length(rows);
    if (length < 0)
        return -1;
    if (length != vertices) {
        PyErr_SetString(PyExc_ValueError, "a row of neighbours for each vertex is needed");
        return -1;
    }
    links->first = kernel_room((int64_t)vertices + 1, sizeof *links->first);
    if (links->first == NULL)
        return -1;
    for (int32_t vertex = 0; vertex < vertices; vertex++) {
        PyObject *row = kernel_item(rows, vertex);
        Py_ssize_t degree = row == NULL ? -1 : kernel_length(row);
        if (degree < 0)
            goto failed;
        links->first[vertex + 1] = links->first[vertex] + degree;
    }
    links->to = kernel_room(links->first[vertices], sizeof *links->to);
    if (links->to == NULL)
        goto failed;
    for (int32_t vertex = 0; vertex < vertices; vertex++) {
        PyObject *row = kernel_item(rows, vertex);
        int64_t degree = links->first[vertex + 1] - links->first[vertex];
        for (int64_t index = 0; index < degree; index++) {
            PyObject *item = row == NULL ? NULL : kernel_item(row, (Py_ssize_t)index);
            int64_t value;
            if (item == NULL || kernel_integer(item, 0, vertices - 1, &value) < 0)
                goto failed;
            links->to[links->first[vertex] + index] = (int32_t)value;
        }
    }
    return 0;
failed:
    links_free(links);
    return -1;
}

void links_free(Links *links)
{
    PyMem_Free(links->first);
    PyMem_Free(links->to);
    links->first = NULL;
    links->to = NULL;
}

int layers_read(Layers *layers, PyObject *lists, int32_t vertices)
{
    memset(layers, 0, sizeof *layers);
    layers->lists = PySequence_Tuple(lists);
    if (layers->lists == NULL)
        return -1;
    Py_ssize_t columns = PyTuple_Size(layers->lists);
    if (columns > MOST_VERTICES) {
        PyErr_SetString(PyExc_OverflowError, "too many columns");
        goto failed;
    }
    layers->columns = (int32_t)columns;
    layers->first = kernel_room(columns + 1, sizeof *layers->first);
    layers->vertex = kernel_room(vertices, sizeof *layers->vertex);
    layers->place = kernel_room(vertices, sizeof *layers->place);
    layers->column = kernel_room(vertices, sizeof *layers->column);
    if (layers->first == NULL || layers->vertex == NULL || layers->place == NULL || layers->column == NULL)
        goto failed;
    for (int32_t vertex = 0; vertex < vertices; vertex++)
        layers->column[vertex] = -1;
    int64_t filled = 0;
    for (int32_t column = 0; column < layers->columns; column++) {
        PyObject *list = PyTuple_GetItem(layers->lists, column);
        Py_ssize_t length = list == NULL ? -1 : kernel_length(list);
        if (length < 0)
            goto failed;
        for (Py_ssize_t index = 0; index < length; index++) {
            PyObject *item = kernel_item(list, index);
            int64_t vertex;
            if (item == NULL || kernel_integer(item, 0, (int64_t)vertices - 1, &vertex) < 0)
                goto failed;
            if (layers->column[vertex] >= 0) {
                PyErr_Format(PyExc_ValueError, "vertex %lld stands in two places", (long long)vertex);
                goto failed;
            }
            layers->column[vertex] = column;
            layers->place[vertex] = (int32_t)index;
            layers->vertex[filled++] = (int32_t)vertex;
        }
        layers->first[column + 1] = filled;
    }
    return 0;
failed:
    layers_free(layers);
    return -1;
}

int layers_write(const Layers *layers)
{
    for (int32_t column = 0; column < layers->columns; column++) {
        PyObject *list = PyTuple_GetItem(layers->lists, column);
        if (list == NULL)
            return -1;
        if (!PyList_Check(list)) {
            PyErr_SetString(PyExc_TypeError, "an order that changes has to be a list");
            return -1;
        }
        int64_t first = layers->first[column], length = layers->first[column + 1] - first;
        for (int64_t index = 0; index < length; index++) {
            PyObject *vertex = PyLong_FromLong(layers->vertex[first + index]);
            if (vertex == NULL || PyList_SetItem(list, (Py_ssize_t)index, vertex) < 0)
                return -1;
        }
    }
    return 0;
}

void layers_free(Layers *layers)
{
    Py_XDECREF(layers->lists);
    PyMem_Free(layers->first);
    PyMem_Free(layers->vertex);
    PyMem_Free(layers->place);
    PyMem_Free(layers->column);
    memset(layers, 0, sizeof *layers);
}

int pace_pause(Pace *pace)
{
    pace->left = PAUSE;
    Py_BEGIN_ALLOW_THREADS
    Py_END_ALLOW_THREADS
    return PyErr_CheckSignals();
}

void layer_move(int32_t *layer, int32_t *place, int32_t from, int32_t to)
{
    int32_t vertex = layer[from];
    int32_t step = to > from ? 1 : -1;
    for (int32_t spot = from; spot != to; spot += step) {
        layer[spot] = layer[spot + step];
        place[layer[spot]] = spot;
    }
    layer[to] = vertex;
    place[vertex] = to;
}
