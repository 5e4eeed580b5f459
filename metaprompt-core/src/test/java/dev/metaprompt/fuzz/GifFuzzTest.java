package dev.metaprompt.fuzz;

import dev.metaprompt.image.ImageFiles;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

/** GIF: screens, frames, codes. */
class GifFuzzTest extends FuzzTest {
    @Override
    String fileName() {
        return "input.gif";
    }

    @Override
    List<byte[]> seeds() throws Exception {
        return List.of(
                Pictures.file("gif", Pictures.picture(BufferedImage.TYPE_BYTE_INDEXED, 20, 11), false),
                Pictures.file("gif", Pictures.picture(BufferedImage.TYPE_BYTE_INDEXED, 9, 30), true),
                Pictures.file("gif", Pictures.picture(BufferedImage.TYPE_BYTE_BINARY, 40, 5), false));
    }

    @Override
    void read(Path file) {
        ImageFiles.read(file);
    }
}
