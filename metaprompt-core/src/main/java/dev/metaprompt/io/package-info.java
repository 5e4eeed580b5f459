/**
 * Files that may come from elsewhere: names that must stay below a folder, openers that follow no link, one lock, reading
 * of at most so much, and quoting of at most so much. Every room may use this one.
 */
package dev.metaprompt.io;
