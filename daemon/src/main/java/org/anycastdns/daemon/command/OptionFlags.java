package org.anycastdns.daemon.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.config.OptionSet;
import org.anycastdns.daemon.config.OptionSet.Flag;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Makes the flags of the command `run` from the options of a program.
public final class OptionFlags {

    private OptionFlags() {}

    /// Adds a flag `--KEY` for each option that has one.
    public static void addTo(CommandSpec command, OptionSet<?> options) {
        for (Flag flag : options.flags()) {
            OptionSpec.Builder option =
                    OptionSpec.builder("--" + flag.key())
                            .paramLabel(flag.placeholder())
                            .description(flag.text().replace("%", "%%"));
            if (flag.repeats()) {
                option.type(List.class).auxiliaryTypes(String.class);
            } else {
                option.type(flag.takesValue() ? String.class : boolean.class);
            }
            command.addOption(option.build());
        }
    }

    /// Returns the values of the flags that were given, by the option's key.
    public static Map<String, List<String>> values(ParseResult given, OptionSet<?> options) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Flag flag : options.flags()) {
            if (given.hasMatchedOption("--" + flag.key())) {
                Object value = given.matchedOption("--" + flag.key()).getValue();
                values.put(
                        flag.key(),
                        value instanceof List<?> list
                                ? list.stream().map(String::valueOf).toList()
                                : List.of(String.valueOf(value)));
            }
        }
        return values;
    }
}
