/* The compiled kernels of the layout: what Python's own steps do, with the same results. */
#include "common.h"

/* Which source this was made of; see build.py. */
#ifndef KERNEL_SOURCE
#define KERNEL_SOURCE ""
#endif

static PyMethodDef functions[] = {
    {"improve_within_reach", kernel_improve_within_reach, METH_VARARGS,
     "improve_within_reach(layers, before, after, wander, reach, held) -> (removed, looked)"},
    {"swept", kernel_swept, METH_VARARGS,
     "swept(layers, before, after, flat, first_stays, last_stays, sweeps, patience) -> (crossings, sweeps)"},
    {"rethread", kernel_rethread, METH_VARARGS,
     "rethread(layers, before, after, chains, reach, work, passes) -> (saved, spent)"},
    {"simplex", kernel_simplex, METH_VARARGS, "simplex(column, tail, head, least, weight, work) -> columns"},
    {"board", kernel_board, METH_VARARGS, "board(layers, before, after, held) -> Board"},
    {NULL, NULL, 0, NULL},
};

static int fill_in(PyObject *module)
{
    PyObject **state = PyModule_GetState(module);
    *state = board_type_new(module);
    if (*state == NULL)
        return -1;
    return PyModule_AddStringConstant(module, "source", KERNEL_SOURCE);
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    PyObject **state = PyModule_GetState(module);
    if (state != NULL)
        Py_VISIT(*state);
    return 0;
}

static int clear(PyObject *module)
{
    PyObject **state = PyModule_GetState(module);
    if (state != NULL)
        Py_CLEAR(*state);
    return 0;
}

static void let_go(void *module)
{
    clear(module);
}

static PyModuleDef_Slot steps[] = {{Py_mod_exec, fill_in}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    "_compiled",
    "Steps of the layout in C, with the same results as those in Python.",
    sizeof(PyObject *),
    functions,
    steps,
    traverse,
    clear,
    let_go,
};

PyMODINIT_FUNC PyInit__compiled(void)
{
    return PyModuleDef_Init(&definition);
}
