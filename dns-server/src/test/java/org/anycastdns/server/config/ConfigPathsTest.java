package org.anycastdns.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Options that name files and folders.
class ConfigPathsTest {

    @TempDir Path folder;

    @Test
    void theFolderOfIncludesLiesInTheZoneFolder() throws IOException {
        String yaml = "zones: z\nincludes: %s\n";
        for (String path :
                List.of("common/all", "common/all/", "./common//all", "x/../common/all")) {
            assertEquals(
                    "common/all",
                    ConfigTest.read(folder, yaml.formatted(path), Map.of())
                            .config()
                            .includes()
                            .path());
        }
        Map<String, String> wrong =
                Map.of(
                        "..",
                        "'..' leads out of the zone folder",
                        "common/../../other",
                        "'common/../../other' leads out of the zone folder",
                        "/etc",
                        "'/etc' is absolute: write it relative to the zone folder",
                        "a/..",
                        "'a/..' is the zone folder itself, so zones could include each other's"
                                + " files: name a folder in it",
                        ".",
                        "'.' is the zone folder itself, so zones could include each other's files:"
                                + " name a folder in it",
                        "\"\"",
                        "the folder's name is empty; write 'none' for no folder",
                        "\"\\0\"",
                        "the folder's name holds a NUL character");
        for (var each : wrong.entrySet()) {
            assertEquals(
                    List.of("server.yaml:2:11: includes: " + each.getValue()),
                    ConfigTest.mistakes(folder, yaml.formatted(each.getKey())));
        }
    }

    @Test
    void mistakesInTheNamesOfFilesHaveTheirPlace() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:2:3: unknown key 'zones.nam'; did you mean 'zones.name'?",
                        "server.yaml:2:3: zones.folder: is missing: The folder of the zone files, or an image made by `compile`.",
                        "server.yaml:3:9: zones.name: 'db.origin' must hold {origin} once, such as"
                                + " {origin}.zone or db.{origin}",
                        "server.yaml:5:18: zones.files.example.com: '../a.db' leads out of the zone"
                                + " folder",
                        "server.yaml:6:18: zones.files.example.net: '/a.db' is absolute: write it"
                                + " relative to the zone folder",
                        "server.yaml:7:5: zones.files: empty label in 'example..org'",
                        "server.yaml:9:5: zones.files: 'Example.edu.' is listed twice"),
                ConfigTest.mistakes(
                        folder,
                        """
                        zones:
                          nam: x
                          name: "db.origin"
                          files:
                            example.com: ../a.db
                            example.net: /a.db
                            example..org: b.db
                            example.edu: c.db
                            Example.edu.: d.db
                        """));
        assertEquals(
                List.of("server.yaml:1:28: zones.files: must be 'key: value' lines"),
                ConfigTest.mistakes(folder, "zones: {folder: z,  files: [a]}\n"));
    }
}
