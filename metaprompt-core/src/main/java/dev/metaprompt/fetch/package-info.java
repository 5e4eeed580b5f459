/**
 * What comes over the network or out of an archive: downloads that go on where they broke off and are checked, models
 * of the Hugging Face hub, tar archives, the archive of the DTD data set.
 *
 * <p>Nothing here trusts what a server says: digests and sizes are compared, names never leave their folder, a token
 * never reaches another host, a message or a log. Files appear under their names whole or not at all, and processes
 * that want the same file at once fetch it once.
 */
package dev.metaprompt.fetch;
