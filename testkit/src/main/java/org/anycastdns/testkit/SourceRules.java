package org.anycastdns.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Checks the rules for the source files of a module: file length, package size, names.
final class SourceRules {

    /// The longest source file, in lines. A longer file has more than one job.
    static final int FILE_LINES_MAX = 500;

    /// The most top-level types that a package may have without a stated reason.
    static final int PACKAGE_TYPES_MAX = 20;

    /// The words that begin the reason in a larger package's doc.
    static final String REASON = "More than " + PACKAGE_TYPES_MAX + " types because";

    private static final List<String> SOURCES =
            List.of("src/main/java", "src/test/java", "src/it/java");

    private final Path module;
    private final Path root;
    private final List<String> breaches = new ArrayList<>();

    /// @param module the module's folder
    /// @param root the root package as a path, e.g. `org/anycastdns/server`
    private SourceRules(Path module, Path root) {
        this.module = module;
        this.root = root;
    }

    /// Returns all breaches, one line each. The list is empty if there are none.
    static List<String> breaches(Path module, String rootPackage) throws IOException {
        SourceRules rules = new SourceRules(module, Path.of(rootPackage.replace('.', '/')));
        for (String source : SOURCES) {
            rules.lengths(module.resolve(source));
        }
        rules.types(module.resolve(SOURCES.getFirst()));
        return rules.breaches;
    }

    private void lengths(Path source) throws IOException {
        for (Path file : javaFiles(source)) {
            long lines;
            try (Stream<String> all = Files.lines(file)) {
                lines = all.count();
            }
            if (lines > FILE_LINES_MAX) {
                breaches.add(
                        "%s: more than %d lines (%d)"
                                .formatted(name(source, file), FILE_LINES_MAX, lines));
            }
        }
    }

    private void types(Path source) throws IOException {
        Map<String, List<String>> byName = new TreeMap<>();
        Map<Path, Integer> packages = new TreeMap<>();
        for (Path file : javaFiles(source)) {
            String simple = file.getFileName().toString().replace(".java", "");
            if (!simple.endsWith("-info")) {
                byName.computeIfAbsent(simple, _ -> new ArrayList<>()).add(name(source, file));
                packages.merge(file.getParent(), 1, Integer::sum);
            }
        }
        byName.forEach((simple, files) -> {
            if (files.size() > 1) {
                breaches.add(simple + ": the simple name of two types " + files);
            }
        });
        for (Map.Entry<Path, Integer> each : packages.entrySet()) {
            if (each.getValue() > PACKAGE_TYPES_MAX && !givesReason(each.getKey())) {
                breaches.add(
                        "package '%s': more than %d types without a reason (%d)"
                                .formatted(
                                        name(source, each.getKey()).replace('/', '.'),
                                        PACKAGE_TYPES_MAX,
                                        each.getValue()));
            }
        }
    }

    private static boolean givesReason(Path folder) throws IOException {
        Path doc = folder.resolve("package-info.java");
        return Files.exists(doc)
                && Files.readString(doc).replaceAll("\\s*///\\s*", " ").contains(REASON);
    }

    /// Returns a path relative to the root package.
    private String name(Path source, Path file) {
        Path base = module.resolve(source).resolve(root);
        Path relative = file.startsWith(base) ? base.relativize(file) : module.relativize(file);
        return relative.toString();
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }
}
