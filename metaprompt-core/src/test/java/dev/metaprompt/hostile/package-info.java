/** Every reader of files, against texts that an error must not carry away, pipes, devices and folders. */
package dev.metaprompt.hostile;
