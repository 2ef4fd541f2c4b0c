package org.anycastdns.daemon.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.config.Kinds;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.daemon.config.OptionSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// Commands and flags made from options.
class OptionFlagsTest {

    /// Options with each kind of flag.
    record Options(
            @Option(value = "The name.", byDefault = "x", flag = "NAME") String name,
            @Option(value = "Be loud.", byDefault = "false", flag = "BOOLEAN") boolean loud,
            @Option(value = "Hosts.", byDefault = Option.ABSENT, flag = "HOST") List<String> host,
            @Option(value = "No flag.", byDefault = "1") int count) {}

    private static final OptionSet<Options> SET =
            new OptionSet<>("tester", Options.class, Kinds.STANDARD, (_, _) -> {});

    @Test
    void aFlagHasTheNameOfItsOption() {
        CommandSpec spec = CommandSpec.create().name("run");
        OptionFlags.addTo(spec, SET);
        CommandLine line = new CommandLine(spec);
        assertEquals(Map.of(), OptionFlags.values(line.parseArgs(), SET));
        assertEquals(
                Map.of("name", List.of("a"), "loud", List.of("true"), "host", List.of("b", "c")),
                OptionFlags.values(
                        line.parseArgs("--name", "a", "--loud", "--host=b", "--host", "c"), SET));
        String usage = line.getUsageMessage();
        assertTrue(usage.contains("--name=NAME") && usage.contains("Default: x."), usage);
        assertFalse(usage.contains("--count"), usage);
    }

    @Test
    void configPrintsTheDefaultsOrTheSchemaAndNothingElse() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                new CommandLine(new ConfigCommand(SET))
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err));
        assertEquals(0, line.execute("--defaults"));
        assertTrue(out.toString().contains("\nname: x\n"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, line.execute("--schema"));
        assertTrue(out.toString().startsWith("{\n"), out.toString());
        assertEquals(2, line.execute());
        assertEquals(2, line.execute("--schema", "--defaults"));
    }
}
