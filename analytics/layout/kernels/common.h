/* What the kernels share: graphs and orders copied out of Python, memory, and pauses for signals and other threads.
 *
 * Every kernel copies its arguments first and touches no Python object while it works; so nothing that runs in a
 * pause can change what it works on. All indices are checked as they are copied. */
#ifndef MAESTRO_KERNELS_COMMON_H
#define MAESTRO_KERNELS_COMMON_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>

/* No graph has more vertices or columns; so that sums of two still fit. */
#define MOST_VERTICES (INT32_MAX / 4)

/* Neighbours of each vertex: those of v are to[first[v]] up to to[first[v + 1] - 1]. */
typedef struct {
    int64_t *first;
    int32_t *to;
} Links;

/* The order of every column: that of column c is vertex[first[c]] up to vertex[first[c + 1] - 1]. */
typedef struct {
    PyObject *lists; /* the lists it was read from and is written to */
    int32_t columns;
    int64_t *first;
    int32_t *vertex;
    int32_t *place;  /* of each vertex in its column */
    int32_t *column; /* of each vertex, -1 where it stands in none */
} Layers;

/* Counts steps down to the next pause. */
typedef struct {
    int64_t left;
} Pace;

/* Zeroed room for so many items, NULL and MemoryError where there is none. */
void *kernel_room(int64_t items, size_t size);

/* A whole number from low to high; -1 with an exception set for anything else. */
int kernel_integer(PyObject *object, int64_t low, int64_t high, int64_t *value);

/* The items of a list or tuple of whole numbers from low to high, and how many; NULL with an exception set. */
int64_t *kernel_integers(PyObject *items, int64_t low, int64_t high, int64_t *count);

/* One item of a list or tuple, borrowed; NULL with an exception set. */
PyObject *kernel_item(PyObject *sequence, Py_ssize_t index);

/* How many items a list or tuple has, -1 with an exception set for anything else. */
Py_ssize_t kernel_length(PyObject *sequence);

int links_read(Links *links, PyObject *rows, int32_t vertices);
void links_free(Links *links);

/* Reads the lists; each vertex may stand in one place only. */
int layers_read(Layers *layers, PyObject *lists, int32_t vertices);
/* Writes the order back into the lists. */
int layers_write(const Layers *layers);
void layers_free(Layers *layers);

/* Lets another thread run and signals be answered; -1 when a handler raised. */
int pace_pause(Pace *pace);

static inline int pace_step(Pace *pace, int64_t steps)
{
    pace->left -= steps;
    return pace->left > 0 ? 0 : pace_pause(pace);
}

/* Takes a vertex out of its place in a column and puts it in at another. */
void layer_move(int32_t *layer, int32_t *place, int32_t from, int32_t to);

PyObject *kernel_improve_within_reach(PyObject *module, PyObject *arguments);
PyObject *kernel_swept(PyObject *module, PyObject *arguments);
PyObject *kernel_rethread(PyObject *module, PyObject *arguments);
PyObject *kernel_simplex(PyObject *module, PyObject *arguments);
PyObject *kernel_board(PyObject *module, PyObject *arguments);
PyObject *board_type_new(PyObject *module);

#endif
