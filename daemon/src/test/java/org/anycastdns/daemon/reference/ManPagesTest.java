package org.anycastdns.daemon.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What a man page says of a command. Whether `man` shows it without a warning is checked by an
/// integration test, for the pages of both programs.
class ManPagesTest {

    @SuppressWarnings("UnusedVariable") // picocli reads the fields
    @Command(
            name = "a-tool",
            description = {"Does a thing. It is useful.", ".dots are no macros"},
            exitCodeList = {"0:it's done"},
            footer = {"", "The keys:", "", "key: required", "    It opens the door."},
            subcommands = {Sub.class, Hidden.class})
    static final class Tool {
        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                defaultValue = "a~b",
                description = {"`-` is 100%% of it: C:\\.", "Default: ${DEFAULT-VALUE}."})
        private String out = "";

        @Option(names = "--dark", hidden = true, description = "Not shown.")
        private boolean dark;
    }

    @SuppressWarnings("UnusedVariable") // picocli reads the field
    @Command(name = "sub", description = "Does a part.", mixinStandardHelpOptions = true)
    static final class Sub {
        @Parameters(paramLabel = "PATH", description = "What to read: \u00e4.")
        private String path = "";
    }

    @Command(name = "hidden", hidden = true, description = "Not shown.")
    static final class Hidden {}

    private static final Map<String, String> PAGES =
            ManPages.of(new CommandLine(new Tool()), "a tool 1.0");

    private static String page(String name) {
        return Objects.requireNonNull(PAGES.get(name));
    }

    @Test
    void eachVisibleCommandHasAPage() {
        assertEquals(Set.of("a-tool.1", "a-tool-sub.1"), PAGES.keySet());
    }

    @Test
    void aPageHasWhatTheHelpHas() {
        for (String part :
                List.of(
                        ".TH \"a\\-tool\" \"1\" \"\" \"a tool 1.0\" \"a\\-tool\"\n",
                        ".SH \"NAME\"\na\\-tool \\- Does a thing\n",
                        ".SH \"SYNOPSIS\"\n\\fBa\\-tool\\fR [\\-o=FILE] [COMMAND]\n",
                        ".PP\n\\&.dots are no macros\n",
                        ".TP\n\\fB\\-o\\fR, \\fB\\-\\-out\\fR=\\fIFILE\\fR\n",
                        "\n\\fB\\-\\fR is 100% of it: C:\\e. Default: a\\(tib.\n",
                        ".TP\n\\fBa\\-tool\\-sub\\fR(1)\nDoes a part.\n",
                        ".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\nit\\(aqs done\n",
                        ".PP\nThe keys:\n.TP\nkey: required\nIt opens the door.\n")) {
            assertTrue(page("a-tool.1").contains(part), () -> part + page("a-tool.1"));
        }
        assertFalse(page("a-tool.1").contains("Not shown"));
    }

    @Test
    void aCommandHasItsArgumentsAndNamesItsProgram() {
        for (String part :
                List.of(
                        ".SH \"ARGUMENTS\"\n.TP\n\\fIPATH\\fR\nWhat to read: \\[u00E4].\n",
                        "\\fB\\-h\\fR, \\fB\\-\\-help\\fR\n",
                        ".SH \"SEE ALSO\"\n\\fBa\\-tool\\fR(1)\n")) {
            assertTrue(page("a-tool-sub.1").contains(part), () -> part + page("a-tool-sub.1"));
        }
    }
}
