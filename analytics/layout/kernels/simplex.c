/* The kernel of the network simplex in ranks.py, step for step. */
#include "common.h"

#include <string.h>

/* How many negative edges are compared before one leaves the tree. */
#define COMPARED 12
#define MOST_COLUMN ((int64_t)1 << 40)

typedef struct {
    int32_t size, edges;
    int64_t *column, *tail, *head, *least, *weight, *cut;
    int64_t *first;  /* the edges around node v: around[first[v]] up to around[first[v + 1] - 1] */
    int32_t *around, *tree; /* those of the tree stand first in tree, in_tree_of[v] of them */
    int32_t *in_tree_of, *parent, *low, *lim, *visit, *walk, *members, *loose;
    char *in_tree, *reached;
    int64_t loose_room;
    Pace pace;
} Simplex;

static int64_t slack_of(const Simplex *net, int32_t edge)
{
    return net->column[net->head[edge]] - net->column[net->tail[edge]] - net->least[edge];
}

static int32_t other_end(const Simplex *net, int32_t edge, int32_t node)
{
    return (int32_t)(net->tail[edge] == node ? net->head[edge] : net->tail[edge]);
}

static void join_tree(Simplex *net, int32_t node, int32_t edge)
{
    net->tree[net->first[node] + net->in_tree_of[node]++] = edge;
}

static void leave_tree(Simplex *net, int32_t node, int32_t edge)
{
    int32_t *tree = net->tree + net->first[node], count = net->in_tree_of[node], at = 0;
    while (at < count && tree[at] != edge)
        at++;
    if (at == count)
        return;
    memmove(tree + at, tree + at + 1, (size_t)(count - at - 1) * sizeof *tree);
    net->in_tree_of[node]--;
}

static int add_loose(Simplex *net, int64_t *count, int32_t edge)
{
    if (*count == net->loose_room) {
        int64_t wanted = 2 * net->loose_room + 64;
        int32_t *grown = kernel_room(wanted, sizeof *grown);
        if (grown == NULL)
            return -1;
        if (*count)
            memcpy(grown, net->loose, (size_t)*count * sizeof *grown);
        PyMem_Free(net->loose);
        net->loose = grown;
        net->loose_room = wanted;
    }
    net->loose[(*count)++] = edge;
    return 0;
}

/* Grows a spanning tree of edges without slack, moving the tree where it must; the work done, or -1. */
static int64_t tight_tree(Simplex *net)
{
    int64_t work = 0, loose = 0;
    int32_t reached = 1, waiting = 1;
    int32_t *frontier = net->walk;
    net->reached[0] = 1;
    net->members[0] = frontier[0] = 0;
    for (;;) {
        while (waiting) {
            int32_t node = frontier[--waiting];
            for (int64_t at = net->first[node]; at < net->first[node + 1]; at++) {
                int32_t edge = net->around[at], other = other_end(net, edge, node);
                if (net->reached[other])
                    continue;
                if (slack_of(net, edge) == 0) {
                    net->reached[other] = 1;
                    net->members[reached++] = frontier[waiting++] = other;
                    net->in_tree[edge] = 1;
                    join_tree(net, node, edge);
                    join_tree(net, other, edge);
                } else if (add_loose(net, &loose, edge) < 0) {
                    return -1;
                }
            }
        }
        if (reached == net->size)
            return work;
        int64_t kept = 0, least = 0;
        int32_t chosen = -1;
        for (int64_t index = 0; index < loose; index++) {
            int32_t edge = net->loose[index];
            if (net->reached[net->tail[edge]] && net->reached[net->head[edge]])
                continue;
            int64_t slack = slack_of(net, edge);
            net->loose[kept++] = edge;
            if (chosen < 0 || slack < least || (slack == least && edge < chosen)) {
                chosen = edge;
                least = slack;
            }
        }
        loose = kept;
        if (chosen < 0) {
            PyErr_SetString(PyExc_ValueError, "the graph does not hang together");
            return -1;
        }
        int inside = net->reached[net->tail[chosen]];
        for (int32_t index = 0; index < reached; index++)
            net->column[net->members[index]] += inside ? least : -least;
        work += reached + loose;
        if (pace_step(&net->pace, reached + loose) < 0)
            return -1;
        frontier[waiting++] = (int32_t)(inside ? net->tail[chosen] : net->head[chosen]);
    }
}

/* Numbers a subtree in postorder, so that it is a range; how many nodes that are. */
static int64_t number_tree(Simplex *net, int32_t top)
{
    int32_t clock = net->low[top], deep = 0;
    net->walk[deep++] = top;
    while (deep) {
        int32_t node = net->walk[--deep];
        if (node < 0) {
            net->lim[~node] = clock;
            net->visit[clock++] = ~node;
            continue;
        }
        net->low[node] = clock;
        net->walk[deep++] = ~node;
        for (int32_t index = 0; index < net->in_tree_of[node]; index++) {
            int32_t edge = net->tree[net->first[node] + index];
            if (edge == net->parent[node])
                continue;
            int32_t other = other_end(net, edge, node);
            net->parent[other] = edge;
            net->walk[deep++] = other;
        }
    }
    return clock - net->low[top];
}

static void cut_values(Simplex *net)
{
    for (int32_t index = 0; index < net->size; index++) {
        int32_t node = net->visit[index], edge = net->parent[node];
        if (edge < 0)
            continue;
        int outwards = net->tail[edge] == node;
        int64_t total = net->weight[edge];
        for (int64_t at = net->first[node]; at < net->first[node + 1]; at++) {
            int32_t other = net->around[at];
            if (other == edge)
                continue;
            int64_t part = net->in_tree[other] ? net->weight[other] - net->cut[other] : net->weight[other];
            total += (net->tail[other] == node) == outwards ? part : -part;
        }
        net->cut[edge] = total;
    }
}

/* Adds the exchanged cut value along the tree path up to the meeting point; that node. */
static int32_t carry(Simplex *net, int32_t node, int32_t other, int64_t gain, int direction)
{
    while (!(net->low[node] <= net->lim[other] && net->lim[other] <= net->lim[node])) {
        int32_t edge = net->parent[node];
        if (edge < 0) /* the root holds everything */
            break;
        int along = net->tail[edge] == node ? direction : !direction;
        net->cut[edge] += along ? gain : -gain;
        node = other_end(net, edge, node);
    }
    return node;
}

static int64_t exchange(Simplex *net, int32_t leave)
{
    int32_t tail = (int32_t)net->tail[leave], head = (int32_t)net->head[leave];
    int32_t below = net->lim[tail] < net->lim[head] ? tail : head;
    int32_t low = net->low[below], lim = net->lim[below], enter = -1;
    int rightwards = below == head; /* the subtree moves right: the edge to enter leads out of it */
    int64_t least = 0, inside = (int64_t)lim + 1 - low;
    for (int32_t index = low; index <= lim; index++) {
        int32_t node = net->visit[index];
        for (int64_t at = net->first[node]; at < net->first[node + 1]; at++) {
            int32_t edge = net->around[at];
            if (net->in_tree[edge])
                continue;
            int32_t other = (int32_t)(rightwards ? net->head[edge] : net->tail[edge]);
            if (other == node || (low <= net->lim[other] && net->lim[other] <= lim))
                continue;
            int64_t slack = slack_of(net, edge);
            if (enter < 0 || slack < least) {
                enter = edge;
                least = slack;
            }
        }
    }
    if (enter < 0) {
        net->cut[leave] = 0;
        return inside;
    }
    for (int32_t index = low; least && index <= lim; index++)
        net->column[net->visit[index]] += rightwards ? least : -least;
    int64_t gain = net->cut[leave];
    int32_t one = (int32_t)net->tail[enter], other = (int32_t)net->head[enter];
    int32_t meeting = carry(net, one, other, gain, 1);
    carry(net, other, one, gain, 0);
    net->cut[enter] = -gain;
    net->cut[leave] = 0;
    net->in_tree[leave] = 0;
    net->in_tree[enter] = 1;
    leave_tree(net, tail, leave);
    leave_tree(net, head, leave);
    join_tree(net, one, enter);
    join_tree(net, other, enter);
    return inside + number_tree(net, meeting);
}

/* Exchanges edges until none improves or the work is used up. */
static int improve(Simplex *net, int64_t work)
{
    int64_t start = 0, done = tight_tree(net);
    if (done < 0)
        return -1;
    work -= done;
    number_tree(net, 0);
    cut_values(net);
    while (work > 0) {
        int32_t leave = -1, seen = 0;
        for (int64_t step = 0; step < net->edges && seen < COMPARED; step++) {
            int32_t edge = (int32_t)((start + step) % net->edges);
            if (!net->in_tree[edge] || net->cut[edge] >= 0)
                continue;
            if (leave < 0 || net->cut[edge] < net->cut[leave])
                leave = edge;
            seen++;
        }
        if (leave < 0)
            break;
        start = (int64_t)leave + 1;
        int64_t steps = seen + exchange(net, leave);
        work -= steps;
        if (pace_step(&net->pace, steps + net->edges / 64) < 0)
            return -1;
    }
    return 0;
}

/* The rows of edges around each node, and all further room. */
static int prepare(Simplex *net)
{
    int64_t nodes = net->size, edges = net->edges;
    net->first = kernel_room(nodes + 1, sizeof *net->first);
    net->around = kernel_room(2 * edges, sizeof *net->around);
    net->tree = kernel_room(2 * edges, sizeof *net->tree);
    net->cut = kernel_room(edges, sizeof *net->cut);
    net->in_tree_of = kernel_room(nodes, sizeof *net->in_tree_of);
    net->parent = kernel_room(nodes, sizeof *net->parent);
    net->low = kernel_room(nodes, sizeof *net->low);
    net->lim = kernel_room(nodes, sizeof *net->lim);
    net->visit = kernel_room(nodes, sizeof *net->visit);
    net->walk = kernel_room(2 * nodes + 2, sizeof *net->walk);
    net->members = kernel_room(nodes, sizeof *net->members);
    net->in_tree = kernel_room(edges, 1);
    net->reached = kernel_room(nodes, 1);
    if (!net->first || !net->around || !net->tree || !net->cut || !net->in_tree_of || !net->parent || !net->low ||
        !net->lim || !net->visit || !net->walk || !net->members || !net->in_tree || !net->reached)
        return -1;
    for (int64_t edge = 0; edge < edges; edge++) {
        if (net->tail[edge] == net->head[edge]) {
            PyErr_SetString(PyExc_ValueError, "a line leads to where it comes from");
            return -1;
        }
        net->first[net->tail[edge] + 1]++;
        net->first[net->head[edge] + 1]++;
    }
    for (int64_t node = 0; node < nodes; node++) {
        net->first[node + 1] += net->first[node];
        net->parent[node] = -1;
    }
    for (int32_t edge = 0; edge < edges; edge++) {
        int64_t tail = net->tail[edge], head = net->head[edge];
        net->around[net->first[tail] + net->members[tail]++] = edge;
        net->around[net->first[head] + net->members[head]++] = edge;
    }
    return 0;
}

PyObject *kernel_simplex(PyObject *module, PyObject *arguments)
{
    PyObject *columns, *tails, *heads, *leasts, *weights, *answer = NULL;
    long long work;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OOOOOL", &columns, &tails, &heads, &leasts, &weights, &work))
        return NULL;
    Simplex net = {0};
    int64_t size = 0, edges = 0, counted[3] = {0};
    net.column = kernel_integers(columns, -MOST_COLUMN, MOST_COLUMN, &size);
    if (net.column == NULL)
        goto done;
    net.tail = kernel_integers(tails, 0, size - 1, &edges);
    net.head = net.tail ? kernel_integers(heads, 0, size - 1, &counted[0]) : NULL;
    net.least = net.head ? kernel_integers(leasts, -MOST_VERTICES, MOST_VERTICES, &counted[1]) : NULL;
    net.weight = net.least ? kernel_integers(weights, 0, MOST_COLUMN, &counted[2]) : NULL;
    if (net.weight == NULL)
        goto done;
    if (size < 1 || size > MOST_VERTICES || edges > MOST_VERTICES || counted[0] != edges || counted[1] != edges ||
        counted[2] != edges) {
        PyErr_SetString(PyExc_ValueError, "lines of different number, or too many, or no node");
        goto done;
    }
    net.size = (int32_t)size;
    net.edges = (int32_t)edges;
    if (prepare(&net) < 0 || improve(&net, work) < 0)
        goto done;
    answer = PyList_New((Py_ssize_t)size);
    for (int64_t node = 0; answer != NULL && node < size; node++) {
        PyObject *column = PyLong_FromLongLong(net.column[node]);
        if (column == NULL || PyList_SetItem(answer, (Py_ssize_t)node, column) < 0)
            Py_CLEAR(answer);
    }
done:
    PyMem_Free(net.column);
    PyMem_Free(net.tail);
    PyMem_Free(net.head);
    PyMem_Free(net.least);
    PyMem_Free(net.weight);
    PyMem_Free(net.cut);
    PyMem_Free(net.first);
    PyMem_Free(net.around);
    PyMem_Free(net.tree);
    PyMem_Free(net.in_tree_of);
    PyMem_Free(net.parent);
    PyMem_Free(net.low);
    PyMem_Free(net.lim);
    PyMem_Free(net.visit);
    PyMem_Free(net.walk);
    PyMem_Free(net.members);
    PyMem_Free(net.loose);
    PyMem_Free(net.in_tree);
    PyMem_Free(net.reached);
    return answer;
}
