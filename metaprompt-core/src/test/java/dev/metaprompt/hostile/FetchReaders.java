package dev.metaprompt.hostile;

import dev.metaprompt.Progress;
import dev.metaprompt.fetch.Archive;
import dev.metaprompt.fetch.HubFiles;
import dev.metaprompt.fetch.Tars;
import java.util.ArrayList;
import java.util.List;

/** Archives, and what lies in the hub's caches or comes from it. */
final class FetchReaders {
    private static final String INDEX =
            "{\"metadata\": {\"total_size\": 8}, \"weight_map\": {\"x\": \"one.safetensors\"}}";

    private FetchReaders() {}

    static void addTo(Readers readers) {
        readers.add(
                "archive",
                "input.tar",
                FetchReaders::archives,
                file -> new Archive(file, Archive.Limits.USUAL, Progress.SILENT)
                        .unpack(file.resolveSibling("unpacked"), "top"));
        readers.add(
                "index in the hub's cache",
                HubFiles.INDEX,
                HubFiles::cache,
                () -> Contents.json(INDEX),
                file -> HubFiles.find(file, HubFiles.INDEX));
        readers.add(
                "commit in the hub's cache",
                HubFiles.REF,
                HubFiles::cache,
                () -> List.of(),
                file -> HubFiles.find(file, HubFiles.REF));
        readers.add(
                "token of the hub",
                HubFiles.TOKEN,
                HubFiles::cache,
                () -> List.of(),
                file -> HubFiles.find(file, HubFiles.TOKEN));
        readers.add("answer of a hub", "listing.json", () -> Contents.json(HubFiles.LISTING), HubFiles::listing);
        readers.add(
                "index from a hub",
                "index.json",
                () -> Readers.both(
                        Contents.json(INDEX), Contents.quoted("{\"weight_map\": {\"x\": \"§.safetensors\"}}")),
                HubFiles::index);
        readers.add(
                "redirect of a hub", "address.txt", () -> Contents.raw("https://§", "https://x/§"), HubFiles::redirect);
    }

    private static List<byte[]> archives() {
        List<byte[]> all = new ArrayList<>();
        for (String text : Hostile.TEXTS) {
            String name = text.substring(0, Math.min(text.length(), 1000));
            for (String begin : List.of("", "/", "../", "c:", "top/a", "top/../../", "top/\u001b")) {
                all.add(new Tars()
                        .folder("top/")
                        .longName(begin + name)
                        .file("x", "a")
                        .plain());
                all.add(new Tars().longName(begin + name).folder("x").plain());
                all.add(new Tars()
                        .longName(begin + name)
                        .entry("x", '2', name.substring(0, 90), new byte[0])
                        .gzip());
            }
            all.add(new Tars()
                    .longName("top/A" + name)
                    .file("x", "a")
                    .longName("top/a" + name)
                    .file("x", "a")
                    .plain());
            all.add(new Tars().longName("top/a" + text).file("x", "a").plain());
            all.add(new Tars()
                    .entry("PaxHeader", 'x', "", Contents.bytes("30 size=" + text))
                    .file("x", "a")
                    .plain());
            all.add(new Tars()
                    .entry("PaxHeader", 'x', "", Contents.bytes(text + " a=b\n"))
                    .file("x", "a")
                    .plain());
        }
        return all;
    }
}
