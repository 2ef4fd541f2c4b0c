package org.anycastdns.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Document;
import org.anycastdns.testkit.Document.Quote;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Stream;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The documents quote commands and options that exist, and the reference pages leave none out. The
/// programs themselves are asked, by `--help`.
class DocumentedCommandsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// Programs with commands, and where each starts.
    private static final Map<String, String> PROGRAMS =
            Map.of(
                    "dns-server", Repository.launcher("dns-server"),
                    "bgp-announcer", Repository.launcher("bgp-announcer"),
                    "benchmarks", script("benchmarks/bin/benchmarks"));

    /// Scripts without commands of their own.
    private static final List<String> SCRIPTS =
            List.of("demo", "check", "fuzz", "measure", "images/build", "lab/lab");

    /// A command as it is written in a shell, with or without the path of its program: the program,
    /// its command, and the rest up to a comment or a pipe.
    private static final Pattern COMMAND =
            Pattern.compile(
                    "(?<![\\w/.,-])(?:[\\w./-]+/bin/)?(dns-server|bgp-announcer|benchmarks) ([a-z][a-z-]*)"
                            + "([^#|;]*)");

    /// The words that follow a program's name in prose.
    private static final Set<String> NO_COMMANDS = Set.of("admin", "help");

    private static final Pattern SCRIPT =
            Pattern.compile("(?<![\\w/.-])deploy/([a-z/-]*[a-z])([^#|;]*)");

    /// The lab's commands have no help of their own: its help lists them.
    private static final Pattern LAB = Pattern.compile("(?<![\\w.-])lab ([a-z][a-z-]*)");

    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-zA-Z][a-z-]*");
    private static final Pattern HELP_OPTION =
            Pattern.compile("(?m)^ {2,6}(?:-[a-zA-Z], )?(--[a-z][a-z-]*)");
    private static final Pattern LISTED = Pattern.compile("(?m)^ {2}([a-z][a-z-]*) {2,}\\S");

    /// Begins the list of a command's own commands in its help.
    private static final String COMMANDS = "\nCommands:\n";

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)`[^|]*\\| ([^|]*) \\|");

    /// Options that every command has.
    private static final Set<String> COMMON = Set.of("--help", "--version");

    private static final Map<String, String> HELP = new ConcurrentHashMap<>();

    /// Asks every command for its help, several at a time.
    @BeforeAll
    static void askAll() throws InterruptedException, ExecutionException {
        try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
            List<Callable<List<String>>> programs = new ArrayList<>();
            PROGRAMS.forEach((name, launcher) -> programs.add(() -> askProgram(name, launcher)));
            SCRIPTS.forEach(name ->
                    programs.add(() -> {
                        ask("deploy/" + name, List.of(script("deploy/" + name)));
                        return List.of();
                    }));
            List<Callable<String>> commands = new ArrayList<>();
            for (Future<List<String>> program : workers.invokeAll(programs)) {
                for (String command : program.get()) {
                    commands.add(() -> askCommand(command));
                }
            }
            for (Future<String> command : workers.invokeAll(commands)) {
                command.get();
            }
        }
    }

    private static List<String> askProgram(String name, String launcher)
            throws IOException, InterruptedException {
        return LISTED.matcher(ask(name, List.of(launcher)))
                .results()
                .map(listed -> listed.group(1))
                .filter(command -> !NO_COMMANDS.contains(command))
                .map(command -> name + " " + command)
                .toList();
    }

    /// Asks a command, and the commands that it has itself.
    private static String askCommand(String command) throws IOException, InterruptedException {
        String[] words = command.split(" ");
        List<String> line = List.of(PROGRAMS.get(words[0]), words[1]);
        String help = ask(command, line);
        if (help.contains(COMMANDS)) {
            Matcher listed = LISTED.matcher(help.substring(help.indexOf(COMMANDS)));
            while (listed.find()) {
                List<String> longer = new ArrayList<>(line);
                longer.add(listed.group(1));
                ask(command + " " + listed.group(1), longer);
            }
        }
        return help;
    }

    private static String ask(String name, List<String> command)
            throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(command);
        whole.add("--help");
        Program program = Program.run(LIMIT, whole);
        assertEquals(0, program.awaitExit(LIMIT), program::tail);
        String help = program.text(Stream.OUT);
        assertNotEquals("", help, program::tail);
        HELP.put(name, help);
        return help;
    }

    @Test
    void quotedCommandsAndTheirOptionsExist() throws IOException {
        List<String> faults = new ArrayList<>();
        int found = 0;
        Set<String> lab = new TreeSet<>();
        LISTED.matcher(HELP.getOrDefault("deploy/lab/lab", ""))
                .results()
                .forEach(command -> lab.add(command.group(1)));
        for (Document document : Document.all()) {
            List<Quote> quotes =
                    new ArrayList<>(document.isResult() ? List.of() : document.blocks());
            quotes.addAll(document.isResult() ? List.of() : document.spans());
            for (Quote quote : quotes) {
                for (MatchResult match : COMMAND.matcher(quote.text()).results().toList()) {
                    if (!NO_COMMANDS.contains(match.group(2))) {
                        found++;
                        check(quote, match.group(1) + " " + match.group(2), match.group(3), faults);
                    }
                }
                for (MatchResult match : LAB.matcher(quote.text()).results().toList()) {
                    found++;
                    if (!lab.contains(match.group(1))) {
                        faults.add(
                                "%s: the lab has no command %s"
                                        .formatted(quote.place(), match.group(1)));
                    }
                }
                for (MatchResult match : SCRIPT.matcher(quote.text()).results().toList()) {
                    if (SCRIPTS.contains(match.group(1))) {
                        found++;
                        check(quote, "deploy/" + match.group(1), match.group(2), faults);
                    }
                }
            }
        }
        assertEquals("", String.join("\n", faults));
        assertNotEquals(0, found, "no document quotes a command");
    }

    private static void check(Quote quote, String command, String rest, List<String> faults) {
        String longer = command + " " + rest.strip().split(" ", 2)[0];
        String help = HELP.getOrDefault(longer, HELP.get(command));
        if (help == null) {
            faults.add("%s: there is no command '%s'".formatted(quote.place(), command));
            return;
        }
        for (MatchResult option : OPTION.matcher(withoutValues(rest)).results().toList()) {
            if (!COMMON.contains(option.group()) && !mentions(help, option.group())) {
                faults.add(
                        "%s: '%s' has no option %s"
                                .formatted(quote.place(), command, option.group()));
            }
        }
    }

    /// What stands in quotation marks is a value.
    private static String withoutValues(String rest) {
        return rest.replaceAll("\"[^\"]*\"", "").replaceAll("'[^']*'", "");
    }

    private static boolean mentions(String help, String option) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(option) + "(?![\\w-])")
                .matcher(help)
                .find();
    }

    @Test
    void optionsThatStandAloneExist() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Document document : Document.all()) {
            for (Quote span : document.isResult() ? List.<Quote>of() : document.spans()) {
                Matcher option = Pattern.compile("(--[a-z][a-z-]*)\\b.*").matcher(span.text());
                if (option.matches()
                        && HELP.values().stream()
                                .noneMatch(help -> mentions(help, option.group(1)))) {
                    faults.add(
                            "%s: nothing has the option %s"
                                    .formatted(span.place(), option.group(1)));
                }
            }
        }
        assertEquals("", String.join("\n", faults));
    }

    @Test
    void thePageOfCommandsHasEveryCommandAndOption() throws IOException {
        Document page = Document.read("docs/reference/commands.md");
        List<String> faults = new ArrayList<>();
        Map<String, String> sections = new TreeMap<>();
        HELP.forEach((command, help) -> {
            String[] words = command.split(" ");
            if (words.length > 1 && isOfADistribution(command)) {
                sections.merge(words[0] + " " + words[1], help, String::concat);
            }
        });
        sections.forEach((command, help) -> compare(command, help, page.section(command), faults));
        assertEquals("", String.join("\n", faults));
    }

    @Test
    void everyCommandHasAManPageWithEveryOption() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Map.Entry<String, String> help : new TreeMap<>(HELP).entrySet()) {
            if (isOfADistribution(help.getKey())) {
                Path page = manPage(help.getKey());
                String text = Files.exists(page) ? Files.readString(page) : "";
                String plain = text.replace("\\-", "-").replaceAll("\\\\f[BIR]", "");
                for (MatchResult option : HELP_OPTION.matcher(help.getValue()).results().toList()) {
                    if (!mentions(plain, option.group(1))) {
                        faults.add("%s lacks %s".formatted(page, option.group(1)));
                    }
                }
            }
        }
        assertEquals("", String.join("\n", faults));
    }

    @Test
    void manPagesAreFormattedWithoutAWarning() throws IOException, InterruptedException {
        String groff = Tools.require("groff");
        for (String command : HELP.keySet()) {
            if (isOfADistribution(command)) {
                Program program =
                        Program.run(
                                LIMIT,
                                List.of(
                                        groff,
                                        "-man",
                                        "-ww",
                                        "-z",
                                        "-Tutf8",
                                        manPage(command).toString()));
                assertEquals(0, program.awaitExit(LIMIT), program::tail);
                assertEquals("", program.text(Stream.ERR), command);
            }
        }
    }

    @Test
    void theCompletionScriptOfADistributionKnowsEveryCommand() throws IOException {
        for (String command : HELP.keySet()) {
            String[] words = command.split(" ");
            if (words.length == 2 && isOfADistribution(command)) {
                String script =
                        Files.readString(
                                share(words[0]).resolve("bash-completion/completions/" + words[0]));
                assertTrue(mentions(script, words[1]), command);
            }
        }
    }

    private static boolean isOfADistribution(String command) {
        return command.matches("(dns-server|bgp-announcer)( .*)?");
    }

    private static Path share(String program) {
        return Repository.root().resolve(program + "/target/dist/" + program + "/share");
    }

    private static Path manPage(String command) {
        return share(command.split(" ")[0]).resolve("man/man1/" + command.replace(' ', '-') + ".1");
    }

    private static void compare(String command, String help, String section, List<String> faults) {
        if (section.isBlank()) {
            faults.add("no section '%s'".formatted(command));
            return;
        }
        for (MatchResult option : HELP_OPTION.matcher(help).results().toList()) {
            if (!COMMON.contains(option.group(1)) && !mentions(section, option.group(1))) {
                faults.add("section '%s' lacks %s".formatted(command, option.group(1)));
            }
        }
        for (MatchResult row : ROW.matcher(section).results().toList()) {
            String option = row.group(1).replaceFirst("=.*", "");
            if (!mentions(help, option)) {
                faults.add("'%s' has no option %s".formatted(command, option));
            }
        }
    }

    private static String script(String path) {
        return Repository.root().resolve(path).toString();
    }
}
