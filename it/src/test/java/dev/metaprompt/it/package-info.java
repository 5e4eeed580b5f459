/**
 * The goals as users run them: a real Maven, started on a copy of a small project of {@code src/test/projects}.
 */
package dev.metaprompt.it;
