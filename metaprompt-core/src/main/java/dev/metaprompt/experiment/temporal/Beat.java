package dev.metaprompt.experiment.temporal;

/**
 * What a worker tells of a cell with each sign of life.
 *
 * @param number the cell's place in the plan
 * @param where how far it is, for example {@code epoch 3/100}
 */
record Beat(int number, String where) {}
