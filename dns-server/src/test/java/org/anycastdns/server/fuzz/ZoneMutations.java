package org.anycastdns.server.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.testkit.Repository;

/// All zone files of the tests and the samples, and the mistakes that people and scripts make in
/// them: lines that are there twice, missing, in another order, cut off or run together; data that
/// is missing; another case; records that stand at odd owners.
public final class ZoneMutations {

    private static final List<String> FOLDERS =
            List.of(
                    "zones",
                    "dns-server/src/test/resources/scenario",
                    "dns-server/src/test/resources/badzone");
    private static final Path FIELD =
            Repository.root().resolve("dns-server/src/test/resources/corpus/zone");
    private static final String FIELD_PREFIX = "field-";
    private static final int CHANGES_MAX = 3;

    /// One zone in so many is one of those that are bad already.
    private static final int BAD_SHARE = 8;

    /// So many equal lines are more than problems are kept.
    private static final int MANY = 1_200;

    private final List<Original> originals = new ArrayList<>();
    private final List<Original> sound = new ArrayList<>();

    /// A zone file before anything is done to it.
    private record Original(Path file, Name origin, List<String> lines) {}

    /// A zone file after that.
    ///
    /// @param folder of the original, where included files are
    /// @param changes lines that it has and the original has not, or has no more
    public record Mutated(Path folder, Name origin, String text, String changes) {

        /// The file as "zone", and those that it includes.
        public Source.Content read(String name) {
            try {
                return name.equals("zone")
                        ? new Source.Content.Text(text)
                        : new Source.Content.Text(
                                Files.readString(
                                        folder.resolve(name), StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                return new Source.Content.Unreadable("there is no such file");
            }
        }
    }

    /// Reads all files.
    public ZoneMutations() {
        try {
            for (String folder : FOLDERS) {
                try (Stream<Path> files = Files.walk(Repository.root().resolve(folder))) {
                    files.filter(file -> file.toString().endsWith(".zone"))
                            .sorted()
                            .forEach(file -> add(file, ZoneFile.origin(file.toString())));
                }
            }
            try (Stream<Path> files = Files.list(FIELD)) {
                files.filter(file -> file.getFileName().toString().startsWith(FIELD_PREFIX))
                        .sorted()
                        .forEach(file -> add(file, Name.of("field.test.")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Path file, Name origin) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            Original original = new Original(file, origin, List.of(text.split("\n")));
            originals.add(original);
            String folder = String.valueOf(file.toAbsolutePath().getParent());
            Mutated same = new Mutated(Path.of(folder), origin, text, "");
            if (!ZoneFile.read(origin, "zone", same::read).hasErrors()) {
                sound.add(original);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Number of files.
    public int count() {
        return originals.size();
    }

    /// Changes one of the files.
    public Mutated draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Original> from = random.nextInt(BAD_SHARE) == 0 ? originals : sound;
        Original original = from.get(random.nextInt(from.size()));
        List<String> lines = new ArrayList<>(original.lines());
        int changes = random.nextInt(CHANGES_MAX) + 1;
        for (int i = 0; i < changes; i++) {
            change(lines, random);
        }
        Path folder = original.file().toAbsolutePath().getParent();
        return new Mutated(
                folder == null ? Path.of("") : folder,
                original.origin(),
                String.join("\n", lines) + (random.nextInt(8) == 0 ? "" : "\n"),
                changes(original, lines));
    }

    private static String changes(Original original, List<String> lines) {
        List<String> added = new ArrayList<>(lines);
        original.lines().forEach(added::remove);
        List<String> removed = new ArrayList<>(original.lines());
        lines.forEach(removed::remove);
        StringBuilder changes = new StringBuilder(original.file().getFileName() + ":");
        added.stream().distinct().forEach(line -> changes.append("\n  + ").append(line));
        removed.forEach(line -> changes.append("\n  - ").append(line));
        return changes.toString();
    }

    private void change(List<String> lines, SplittableRandom random) {
        int at = lines.isEmpty() ? 0 : random.nextInt(lines.size());
        String line = lines.isEmpty() ? "" : lines.get(at);
        String owner = one(ZoneLines.OWNERS, random);
        switch (lines.isEmpty() ? 0 : random.nextInt(16)) {
            case 0, 1, 2, 3 -> lines.add(at, owner + " " + one(ZoneLines.DATA, random));
            case 4 -> lines.add(random.nextInt(lines.size() + 1), line);
            case 5 -> lines.remove(at);
            case 6 -> {
                int other = random.nextInt(lines.size());
                lines.set(at, lines.get(other));
                lines.set(other, line);
            }
            case 7 -> lines.set(at, line.substring(0, random.nextInt(line.length() + 1)));
            case 8 -> {
                if (at + 1 < lines.size()) {
                    lines.set(at, line + lines.remove(at + 1));
                }
            }
            case 9 -> lines.set(at, withoutData(line, random));
            case 10 -> lines.set(at, otherCase(line, random));
            case 11, 12 -> lines.set(at, owner + afterFirst(line));
            case 13 -> lines.set(at, otherToken(line, random));
            case 14 -> {
                int cut = random.nextInt(line.length() + 1);
                char octet = (char) random.nextInt(256);
                lines.set(at, line.substring(0, cut) + octet + line.substring(cut));
            }
            default -> {
                if (random.nextInt(20) == 0) {
                    lines.addAll(at, java.util.Collections.nCopies(MANY, line));
                }
            }
        }
    }

    private static String one(List<String> of, SplittableRandom random) {
        return of.get(random.nextInt(of.size()));
    }

    /// What follows the first word of a line.
    private static String afterFirst(String line) {
        int end = 0;
        while (end < line.length() && line.charAt(end) > ' ') {
            end++;
        }
        return line.substring(end);
    }

    /// A line whose record has its type, and nothing after it.
    private static String withoutData(String line, SplittableRandom random) {
        String[] words = line.split("(?<=[ \t])(?=[^ \t])");
        int kept = random.nextInt(1, Math.max(2, Math.min(words.length, 5)));
        String start =
                String.join("", Arrays.asList(words).subList(0, Math.min(kept, words.length)));
        return random.nextBoolean() ? start : start + " \\# 0";
    }

    private static String otherCase(String line, SplittableRandom random) {
        StringBuilder mixed = new StringBuilder(line);
        for (int i = 0; i < mixed.length(); i++) {
            char c = mixed.charAt(i);
            if (random.nextInt(3) == 0 && Character.isLetter(c) && c < 0x80) {
                mixed.setCharAt(i, (char) (c ^ 0x20));
            }
        }
        return mixed.toString();
    }

    private String otherToken(String line, SplittableRandom random) {
        List<String> others = originals.get(random.nextInt(originals.size())).lines();
        String[] words = others.get(random.nextInt(others.size())).trim().split("[ \t]+");
        String[] own = line.split("(?<=[ \t])(?=[^ \t])");
        own[random.nextInt(own.length)] = words[random.nextInt(words.length)] + " ";
        return String.join("", own);
    }
}
