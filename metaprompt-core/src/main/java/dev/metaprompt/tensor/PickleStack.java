package dev.metaprompt.tensor;

import java.util.ArrayList;
import java.util.List;

/** The stack of the pickle machine, with the marks at which containers begin. */
final class PickleStack {
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    void mark() {
        marks.add(stack.size());
    }

    void push(Object value) {
        stack.add(value);
    }

    Object pop() {
        return pop(1).get(0);
    }

    Object peek() {
        if (stack.size() == base()) {
            throw new PickleException("takes a value from an empty stack");
        }
        return stack.get(stack.size() - 1);
    }

    // Values below the last mark belong to a container that has only begun.
    int base() {
        return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    }

    List<Object> pop(int count) {
        if (stack.size() - count < base()) {
            throw new PickleException("takes a value from an empty stack");
        }
        List<Object> top = stack.subList(stack.size() - count, stack.size());
        List<Object> values = new ArrayList<>(top);
        top.clear();
        return values;
    }

    List<Object> popToMark() {
        if (marks.isEmpty()) {
            throw new PickleException("ends a container that has not begun");
        }
        List<Object> values = pop(stack.size() - base());
        marks.remove(marks.size() - 1);
        return values;
    }
}
