/**
 * One class a method: what is trained, the loss, the classifier it gives.
 *
 * <p>Shape letters: T tasks, N way, K shots, Q queries of a task, C classes, D projection width, W text width. All
 * results belong to the caller's scope. The paper's equations are named where they are computed.
 */
package dev.metaprompt.method;
