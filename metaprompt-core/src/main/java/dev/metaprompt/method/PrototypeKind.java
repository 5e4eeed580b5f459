package dev.metaprompt.method;

/** How a class's multi-modal prototype is made. */
public enum PrototypeKind {
    /** Cross-attention and MLP. */
    ATTENTION,
    /** The mean of the text feature and the supports, without trained parts (ProtoNet's eq. 2). */
    MEAN,
    /** The text feature alone: episodic CoOp. */
    TEXT
}
