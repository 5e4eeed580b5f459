/** JMH benchmarks of the pieces that training and encoding are made of; run with the allocation profiler. */
package dev.metaprompt.benchmark.pieces;
