package dev.metaprompt.fuzz;

/** A model's {@code processor_config.json}, with the image processor inside. */
class ProcessorConfigFuzzTest extends PreprocessorConfigFuzzTest {
    @Override
    String fileName() {
        return "processor_config.json";
    }

    @Override
    String around(String processor) {
        return "{\"processor_class\":\"CLIPProcessor\",\"image_processor\":" + processor + "}";
    }
}
