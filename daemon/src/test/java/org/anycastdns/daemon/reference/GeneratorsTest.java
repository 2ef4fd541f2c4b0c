package org.anycastdns.daemon.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.daemon.config.TestOptions;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What is made from the declarations of options.
class GeneratorsTest {

    private static final String FRAME =
            "before\n" + OptionsPage.BEGIN + "old\n" + OptionsPage.END + "after\n";

    @Test
    void thePageHasEachOptionWithItsValuesAndDefault() {
        String page = OptionsPage.updated(FRAME, TestOptions.set());
        assertTrue(page.startsWith("before\n"), page);
        assertTrue(page.endsWith("after\n"), page);
        for (String row :
                List.of(
                        "- `name` (text, 1 to 20 octets; required): The name. It is shown.\n",
                        "- `colors` (list; each red, blue or dark-green; default: `red blue`): Colors.\n",
                        "- `words` (list, 1 to 3; each text; optional): Words.\n",
                        "- `count` (a whole number, 1 to 9; default: `1`): How many.\n",
                        "## store\n\nWhere things are.\n\n- `store.folder` (a path; default: `/srv`):",
                        "- `store.wait` (a duration, 0s to 1m; default: `10s`): How long to wait.\n",
                        "## guest\n\nA guest. Optional.\n",
                        "- `hosts[].address` (text; required): Its address.\n")) {
            assertTrue(page.contains(row), () -> row + "\nis not in\n" + page);
        }
        assertEquals(page, OptionsPage.updated(page, TestOptions.set()));
        assertThrows(
                IllegalArgumentException.class,
                () -> OptionsPage.updated("no marks", TestOptions.set()));
    }

    @Test
    void theHelpHasTwoLinesForEachOption() {
        List<String> lines = OptionsPage.lines(TestOptions.set());
        assertTrue(lines.contains("count: default 1, 1 to 9"), lines.toString());
        assertTrue(lines.contains("hosts[].port: default 53, 1 to 65535"), lines.toString());
        assertTrue(lines.contains("    Its port."), lines.toString());
    }

    @Test
    void longTextsAreWrapped() {
        assertEquals("- aa bb\n  cc\n", Facts.wrapped("aa bb cc", "- ", "  ", 7));
    }

    @Test
    void theSchemaIsJsonThatSaysWhatIsAllowed() {
        Map<?, ?> schema = assertInstanceOf(Map.class, load(OptionsSchema.of(TestOptions.set())));
        assertEquals(false, schema.get("additionalProperties"));
        Map<?, ?> properties = assertInstanceOf(Map.class, schema.get("properties"));
        assertEquals(TestOptions.class.getRecordComponents().length, properties.size());
        String count = String.valueOf(properties.get("count"));
        assertTrue(count.contains("minimum=1, maximum=9"), count);
        assertTrue(count.contains("default=1"), count);
        assertTrue(
                String.valueOf(properties.get("hosts")).contains("required=[address]"),
                () -> "" + properties.get("hosts"));
        assertTrue(
                String.valueOf(properties.get("colors")).contains("[red, blue, dark-green]"),
                () -> "" + properties.get("colors"));
    }

    @Test
    void theDefaultFileIsAcceptedWhenRequiredKeysAreFilledIn() {
        String file = DefaultFile.of(TestOptions.set());
        Loaded<TestOptions> loaded = parse(file.replace("\nname:\n", "\nname: x\n"));
        assertEquals(parse("name: x"), loaded);
        assertTrue(file.contains("\n  # How long to wait.\n"), file);
        assertTrue(file.contains("\n# guest:\n#   # How many.\n"), file);
    }

    private static Loaded<TestOptions> parse(String text) {
        return TestOptions.set().parse("a.yaml", text, _ -> null);
    }

    private static Object load(String json) {
        return new Load(LoadSettings.builder().build()).loadFromString(json);
    }
}
