package dev.metaprompt.method;

/** Which half of the classes is meant: base classes are trained on, new classes are only named. */
public enum ClassSet {
    /** The classes whose images are trained on. */
    BASE,
    /** The classes that training never sees. */
    NEW
}
