/**
 * What every room of the house may use: the exception for bad input and the streams of random numbers.
 */
package dev.metaprompt;
