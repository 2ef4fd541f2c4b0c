package org.anycastdns.announcer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import org.anycastdns.daemon.reference.DefaultFile;
import org.anycastdns.daemon.reference.OptionsPage;
import org.anycastdns.daemon.reference.OptionsSchema;
import org.anycastdns.testkit.GeneratedFile;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What is generated from the options: the page and the schema in `docs/reference`, and the file of
/// defaults.
class GeneratedOptionsTest {

    @Test
    void thePageIsUpToDate() throws IOException {
        GeneratedFile.check(
                "docs/reference/bgp-announcer-options.md",
                page -> OptionsPage.updated(page, AnnouncerOptions.SET));
    }

    @Test
    void theSchemaIsUpToDate() throws IOException {
        GeneratedFile.check(
                "docs/reference/bgp-announcer.schema.json",
                _ -> OptionsSchema.of(AnnouncerOptions.SET));
    }

    @Test
    void theSchemaIsJsonWithAPropertyForEachOption() {
        Object json =
                new Load(LoadSettings.builder().build())
                        .loadFromString(OptionsSchema.of(AnnouncerOptions.SET));
        Map<?, ?> properties =
                assertInstanceOf(Map.class, assertInstanceOf(Map.class, json).get("properties"));
        assertEquals(Config.class.getRecordComponents().length, properties.size());
    }

    @Test
    void theDefaultFileIsAcceptedWhenRequiredKeysAreFilledIn() {
        String filled =
                withShortForm(DefaultFile.of(AnnouncerOptions.SET))
                        .replaceFirst("# address:\n", "address: 198.51.100.1\n");
        Map<String, String> required =
                Map.of(
                        "identity", "ams1",
                        "router-id", "198.51.100.2",
                        "local-as", "65010",
                        "remote-as", "65001",
                        "responder", "\"192.0.2.53:53\"",
                        "lifeline", "\"http://127.0.0.1:9153/lifeline\"");
        for (Map.Entry<String, String> each : required.entrySet()) {
            filled =
                    filled.replaceAll(
                            "(\n *" + each.getKey() + ":)\n", "$1 " + each.getValue() + "\n");
        }
        Config config = ConfigFixture.valid(filled);
        String contract = ConfigFixture.CONTRACT.replace(", \"2001:db8:53::/48\"", "");
        assertEquals(ConfigFixture.valid(contract), config);
        assertTrue(filled.contains("\n# fleet:\n"), filled);
    }

    /// Returns the file with `prefixes` and the group `health`, which are optional.
    private static String withShortForm(String file) {
        int begin = file.indexOf("\n# health:\n") + 1;
        int end = file.indexOf("\n\n", begin);
        String health = file.substring(begin, end).replaceAll("(?m)^# ", "");
        return file.substring(0, begin).replace("\n# prefixes:\n", "\nprefixes: 192.0.2.0/24\n")
                + health
                + file.substring(end);
    }
}
