package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringReader;
import java.util.List;
import java.util.Properties;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static Properties properties(String... pairs) {
        Properties properties = new Properties();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.setProperty(pairs[i], pairs[i + 1]);
        }
        return properties;
    }

    private static List<RawOption> configuration(String xml) throws Exception {
        return new Options()
                .addConfiguration(
                        Xpp3DomBuilder.build(new StringReader("<configuration>" + xml + "</configuration>")),
                        "pom",
                        text -> text.equals("${none}") ? null : text.replace("${home}", "/h"))
                .all();
    }

    @Test
    void theSixBarePropertiesAndThePrefixedOnesAreTaken() throws Exception {
        Options options = new Options()
                .addUserProperties(properties("way", "5", "metaprompt.loss.klWeight", "0.1", "length", "3"));
        assertEquals(
                List.of(
                        RawOption.user("way", "5", "-Dway"),
                        RawOption.user("loss.klWeight", "0.1", "-Dmetaprompt.loss.klWeight")),
                options.all());
    }

    @Test
    void bareAndPrefixedAreBothPassedOn() {
        assertEquals(
                List.of(RawOption.user("way", "5", "-Dway"), RawOption.user("way", "7", "-Dmetaprompt.way")),
                new Options()
                        .addUserProperties(properties("way", "5", "metaprompt.way", "7"))
                        .all());
    }

    @Test
    void thePluginsOwnPropertiesAreNoKeysButTheirMisspellingsAre() throws Exception {
        Options options = new Options()
                .addUserProperties(properties(
                        "metaprompt.skip", "true",
                        "metaprompt.evaluate.skip", "true",
                        "metaprompt.fork.jvmArgs", "-Xmx1g",
                        "metaprompt.fork.debug", "true",
                        "metaprompt.fork.jvmArg", "-Xmx1g"));
        assertEquals(List.of(RawOption.user("fork.jvmArg", "-Xmx1g", "-Dmetaprompt.fork.jvmArg")), options.all());
    }

    @Test
    void aBarePropertyOfAPomIsSomebodyElses() {
        assertEquals(
                List.of(RawOption.pom("seed", "2", "pom")),
                new Options()
                        .addProjectProperties(properties("way", "5", "metaprompt.seed", "2"), "pom")
                        .all());
    }

    @Test
    void everySpellingOfADottedKeyInAPomIsUnderstood() throws Exception {
        List<RawOption> expected = List.of(RawOption.pom("loss.klWeight", "0.1", "pom"));
        assertEquals(expected, configuration("<loss><klWeight>0.1</klWeight></loss>"));
        assertEquals(expected, configuration("<loss.klWeight>0.1</loss.klWeight>"));
        assertEquals(expected, configuration("<options><loss.klWeight>0.1</loss.klWeight></options>"));
        assertEquals(expected, configuration("<options><loss><klWeight>0.1</klWeight></loss></options>"));
    }

    @Test
    void parametersThatAreShorterThanTheirKeysAreUnderstood() throws Exception {
        assertEquals(
                List.of(RawOption.pom("check.minBase", "70", "pom"), RawOption.pom("check.runs", "x", "pom")),
                configuration("<minBase>70</minBase><checkedRuns>x</checkedRuns>"));
    }

    @Test
    void anUnknownElementOfAPomIsPassedOnToBeRefused() throws Exception {
        assertEquals(List.of(RawOption.pom("wya", "5", "pom")), configuration("<wya>5</wya>"));
    }

    @Test
    void thePluginsOwnElementsAreNoKeysAndExpressionsAreEvaluated() throws Exception {
        assertEquals(
                List.of(RawOption.pom("dataset", "/h/dtd", "pom"), RawOption.pom("preset", "", "pom")),
                configuration("<skip>true</skip><forkJvmArgs>-Xmx1g</forkJvmArgs><dataset>${home}/dtd</dataset>"
                        + "<model>${none}</model><preset/>"));
    }

    @Test
    void theCommandLineComesAfterThePom() throws Exception {
        Properties user = properties("way", "7");
        Options options = new Options()
                .addProjectProperties(properties("metaprompt.way", "5"), "pom")
                .addSystemProperties(properties("metaprompt.way", "6", "metaprompt.shot", "3"), user)
                .addUserProperties(user);
        assertEquals("7", options.strongest("way").orElseThrow().value());
        assertEquals(
                "-Dmetaprompt.shot of Maven's JVM",
                options.strongest("shot").orElseThrow().origin());
    }
}
