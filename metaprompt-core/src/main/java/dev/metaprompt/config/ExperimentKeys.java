package dev.metaprompt.config;

import java.util.List;

/** The rows of the table of keys about experiments and the machines that compute them. */
final class ExperimentKeys extends KeyRows {
    private ExperimentKeys() {}

    static List<Key> all() {
        ExperimentKeys table = new ExperimentKeys();
        table.experiment();
        table.temporal();
        return table.rows();
    }

    private void experiment() {
        begin(Group.EXPERIMENT);
        optionalText(
                "experiment",
                "a built-in name such as n-way, or a matrix file",
                "The matrix of configurations to compute.");
        text(
                "experiment.seeds",
                null,
                Allowed.pattern(
                        "numbers with commas between them, or <first>..<last>",
                        "\\d{1,15}(,\\d{1,15})*|\\d{1,15}\\.\\.\\d{1,15}"),
                "Seeds of every configuration, instead of the matrix's own.");
        add(
                "experiment.parallel",
                Type.INTEGER,
                1L,
                Allowed.integer(1, 1024),
                "Cells computed at once on this machine, each in a process of its own; also a worker's.",
                false);
        flag("experiment.allowLarge", false, "Allows more than 10,000 cells.");
        text(
                "experiment.store",
                null,
                Allowed.pattern("file:<folder> or mlflow:", "file:.+|mlflow:"),
                "Where an experiment's runs are kept for all machines; this machine's runs folder if unset.");
        flag(
                "experiment.recompute",
                false,
                "Computes cells anew whose runs are of other code than this, and sets those runs aside.");
        optionalText("experiment.claims", "a file of claims", "Claims to judge; the built-in ones if unset.");
        flag("dryRun", false, "Prints the cells and how long they may take, and computes nothing.");
        text(
                "runner",
                "local",
                Allowed.choice("local", "temporal"),
                "Who computes the cells: this machine, or workers.");
        text(
                "attach",
                null,
                Allowed.choice("true", "status", "pause", "resume", "cancel"),
                "Watches a distributed experiment that was started before, or steers it.");
    }

    private void temporal() {
        begin(Group.TEMPORAL);
        text(
                "temporal.address",
                "127.0.0.1:7233",
                Allowed.pattern("<host>:<port>", "[^\\s/:]+:\\d{1,5}|\\[[0-9a-fA-F:]+\\]:\\d{1,5}"),
                "The Temporal server. An API key: environment variable TEMPORAL_API_KEY only.");
        text("temporal.namespace", "default", Allowed.anyText("a namespace"), "Temporal's namespace.");
        text(
                "temporal.taskQueue",
                "metaprompt",
                Allowed.pattern("letters, digits, . _ -", "[\\w.-]{1,100}"),
                "Task queue; cells go to it with -cpu or -gpu behind.");
        integer(
                "temporal.heartbeat",
                60,
                2,
                86_400,
                "Seconds without a sign of life after which a cell goes to another worker.");
        flag("temporal.tls", false, "Encrypts the connection; on where an API key or a certificate is given.");
        optionalText("temporal.tls.ca", "a PEM file", "Certificates to trust, if not the system's.");
        optionalText("temporal.tls.certificate", "a PEM file", "The client's certificate chain.");
        optionalText("temporal.tls.key", "a PEM file in PKCS 8", "The client's private key.");
    }
}
