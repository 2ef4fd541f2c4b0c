package org.anycastdns.daemon.reference;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Writes the man pages of a program, in the man macros of roff. They say what `--help` says.
public final class ManPages {

    /// Wider than every text of a help, because `man` breaks the lines.
    private static final int WIDTH = 10_000;

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final String INDENT = "    ";

    private final CommandSpec command;
    private final Help help;
    private final StringBuilder page = new StringBuilder();

    private ManPages(CommandSpec command) {
        this.command = command;
        command.usageMessage().autoWidth(false).width(WIDTH);
        help = new Help(command, Help.defaultColorScheme(Ansi.OFF));
    }

    /// Returns the text of each page by its file name, such as `dns-server-run.1`. Hidden commands
    /// have no page.
    ///
    /// @param version the software and its version, for the foot of a page
    public static Map<String, String> of(CommandLine program, String version) {
        Map<String, String> pages = new TreeMap<>();
        add(program.getCommandSpec(), version, pages);
        return pages;
    }

    private static void add(CommandSpec command, String version, Map<String, String> pages) {
        pages.put(name(command) + ".1", new ManPages(command).write(version));
        visible(command).forEach(child -> add(child, version, pages));
    }

    private static List<CommandSpec> visible(CommandSpec command) {
        return new LinkedHashSet<>(command.subcommands().values())
                .stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(child -> !child.usageMessage().hidden())
                        .toList();
    }

    /// Returns the name of a command's page, such as `dns-server-run`.
    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private String write(String version) {
        String program = command.root().name();
        line(".\\\" Made from the command line of %s when it was built.".formatted(program));
        line(
                ".TH \"%s\" \"1\" \"\" \"%s\" \"%s\""
                        .formatted(roff(name(command)), roff(version), roff(program)));
        line(".ad l"); // spaces of different widths between flags are hard to read
        line(".nh"); // a hyphen at the end of a line is taken for part of a flag
        section("NAME");
        line(roff(name(command)) + " \\- " + text(summary()));
        section("SYNOPSIS");
        line(synopsis());
        section("DESCRIPTION");
        paragraphs(help.description().lines().toList());
        arguments();
        options();
        commands();
        exitCodes();
        footer();
        if (command.parent() != null) {
            section("SEE ALSO");
            line(reference(command.root()));
        }
        return page.toString();
    }

    /// Returns the first sentence of the description, without its period.
    private String summary() {
        String first = help.description().lines().findFirst().orElse("").strip();
        int end = first.indexOf(". ");
        return end < 0 ? first.replaceFirst("\\.$", "") : first.substring(0, end);
    }

    private String synopsis() {
        String name = command.qualifiedName();
        String rest = help.synopsis(0).strip().substring(name.length());
        return "\\fB%s\\fR%s".formatted(roff(name), roff(rest));
    }

    private void arguments() {
        List<PositionalParamSpec> shown =
                command.positionalParameters().stream().filter(one -> !one.hidden()).toList();
        if (!shown.isEmpty()) {
            section("ARGUMENTS");
            shown.forEach(one -> entry("\\fI" + roff(one.paramLabel()) + "\\fR", description(one)));
        }
    }

    private void options() {
        section("OPTIONS");
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                List<String> names =
                        List.of(option.names()).stream()
                                .map(name -> "\\fB" + roff(name) + "\\fR")
                                .toList();
                boolean flag = option.arity().max() == 0;
                String value = flag ? "" : "=\\fI" + roff(option.paramLabel()) + "\\fR";
                entry(String.join(", ", names) + value, description(option));
            }
        }
    }

    /// Returns the description of an option or argument, in which `%n` and `%%` are still to be
    /// replaced, as a help does.
    private static String description(ArgSpec one) {
        return text(String.join(" ", one.description()).replace("%n", " ").replace("%%", "%"));
    }

    private void commands() {
        if (visible(command).isEmpty()) {
            return;
        }
        section("COMMANDS");
        for (CommandSpec child : visible(command)) {
            entry(reference(child), text(new ManPages(child).summary()) + ".");
        }
    }

    private void exitCodes() {
        Map<String, String> codes = command.usageMessage().exitCodeList();
        if (!codes.isEmpty()) {
            section("EXIT STATUS");
            codes.forEach((code, meaning) -> entry("\\fB" + roff(code) + "\\fR", text(meaning)));
        }
    }

    private void footer() {
        List<String> lines = help.footer().strip().lines().toList();
        if (!lines.isEmpty()) {
            section("NOTES");
            paragraphs(lines);
        }
    }

    /// Writes a paragraph for each line. A line that an indented one follows is its heading.
    private void paragraphs(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).stripTrailing();
            if (i + 1 < lines.size() && lines.get(i + 1).startsWith(INDENT)) {
                entry(text(line), text(lines.get(++i).strip()));
            } else if (!line.isEmpty()) {
                line(".PP");
                line(text(line));
            }
        }
    }

    private static String reference(CommandSpec other) {
        return "\\fB%s\\fR(1)".formatted(roff(name(other)));
    }

    private void section(String title) {
        line(".SH \"" + title + "\"");
    }

    private void entry(String heading, String text) {
        line(".TP");
        line(heading);
        line(text);
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    /// Returns prose, in which backticks mark what is bold in a man page.
    private static String text(String prose) {
        StringBuilder text = new StringBuilder();
        int end = 0;
        for (MatchResult code : CODE.matcher(prose).results().toList()) {
            text.append(roff(prose.substring(end, code.start())))
                    .append("\\fB")
                    .append(roff(code.group(1)))
                    .append("\\fR");
            end = code.end();
        }
        text.append(roff(prose.substring(end)));
        // A line of text that begins with one of these would be taken for a macro.
        return text.indexOf(".") == 0 ? "\\&" + text : text.toString();
    }

    /// Returns a text whose characters mean themselves in roff, also to copy them: a plain `-` is a
    /// hyphen of prose, and quotation marks are typographic ones.
    private static String roff(String plain) {
        StringBuilder roff = new StringBuilder();
        plain.codePoints()
                .forEach(character -> {
                    switch (character) {
                        case '\\' -> roff.append("\\e");
                        case '-' -> roff.append("\\-");
                        case '\'' -> roff.append("\\(aq");
                        case '"' -> roff.append("\\(dq");
                        case '`' -> roff.append("\\(ga");
                        case '^' -> roff.append("\\(ha");
                        case '~' -> roff.append("\\(ti");
                        default -> {
                            if (character > '~') {
                                roff.append("\\[u%04X]".formatted(character));
                            } else {
                                roff.appendCodePoint(character);
                            }
                        }
                    }
                });
        return roff.toString();
    }
}
