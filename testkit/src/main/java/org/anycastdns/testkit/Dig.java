package org.anycastdns.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A response as printed by `dig` or `kdig`, in one form. The two differ in white space and case.
///
/// @param status mnemonic of the RCODE, e.g. `NOERROR`
/// @param flags header flags in lower case, e.g. `qr`, `aa`
/// @param sections sorted records with single spaces; sections missing in the response are empty
/// @param text the unchanged output
public record Dig(
        String status, Set<String> flags, Map<Section, List<String>> sections, String text) {

    /// The sections that hold records.
    public enum Section {
        /// The answer section.
        ANSWER,
        /// The authority section.
        AUTHORITY,
        /// The additional section, without OPT.
        ADDITIONAL
    }

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern STATUS = Pattern.compile("status: (\\w+)");
    private static final Pattern FLAGS = Pattern.compile("^;; [Ff]lags: ([a-z ]*);");
    private static final Pattern SECTION =
            Pattern.compile("^;; (ANSWER|AUTHORITY|ADDITIONAL) SECTION:");

    /// Sends one query without retries and reads the response. Fails if no response comes.
    ///
    /// @param command the tool: `dig` or `kdig`
    /// @param address the server's IPv4 or IPv6 address
    /// @param arguments name, type and options in the tool's syntax, e.g. `+tcp`
    public static Dig ask(String command, String address, int port, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(Tools.require(command), "@" + address));
        line.addAll(List.of("-p", Integer.toString(port), "+norec"));
        line.addAll(
                command.equals("kdig")
                        ? List.of("+retry=0", "+timeout=10")
                        : List.of("+tries=1", "+time=10", "+nocookie"));
        line.addAll(List.of(arguments));
        Program tool = Program.run(LIMIT, line);
        if (tool.awaitExit(LIMIT) != 0) {
            throw new AssertionError("no answer" + tool.tail());
        }
        return parse(tool.text(Program.Stream.OUT));
    }

    /// Returns the records of one section.
    public List<String> section(Section section) {
        return sections.getOrDefault(section, List.of());
    }

    static Dig parse(String text) {
        String status = "";
        Set<String> flags = Set.of();
        Map<Section, List<String>> sections = new EnumMap<>(Section.class);
        List<String> records = new ArrayList<>();
        for (String line : text.split("\n")) {
            Matcher statusMatcher = STATUS.matcher(line);
            Matcher flagsMatcher = FLAGS.matcher(line);
            Matcher sectionMatcher = SECTION.matcher(line);
            if (statusMatcher.find()) {
                status = statusMatcher.group(1).toUpperCase(Locale.ROOT);
            } else if (flagsMatcher.find()) {
                flags = new TreeSet<>(List.of(flagsMatcher.group(1).trim().split(" +")));
            } else if (sectionMatcher.find()) {
                records = new ArrayList<>();
                sections.put(Section.valueOf(sectionMatcher.group(1)), records);
            } else if (!line.isBlank() && !line.startsWith(";")) {
                records.add(line.trim().replaceAll("\\s+", " "));
            }
        }
        sections.values().forEach(Collections::sort);
        return new Dig(status, flags, sections, text);
    }
}
