package org.anycastdns.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Document;
import org.junit.jupiter.api.Test;

/// The page of options lists every option with its default, and no other.
class OptionsPageTest {

    private static final String PAGE = "docs/reference/dns-server-options.md";
    private static final Pattern ROW = Pattern.compile("\\| `([a-z][a-z.-]*)` \\| ([^|]*) \\|.*");

    @Test
    void thePageHasEveryOptionWithItsDefault() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        add(Config.class, "", expected);
        Map<String, String> documented = new TreeMap<>();
        for (Document.Line line : Document.read(PAGE).lines()) {
            for (MatchResult row : ROW.matcher(line.text()).results().toList()) {
                documented.put(row.group(1), row.group(2).replace("`", ""));
            }
        }
        List<String> faults = new ArrayList<>();
        expected.forEach((key, value) -> {
            String written = documented.get(key);
            if (written == null) {
                faults.add("no row for '%s'".formatted(key));
            } else if (!value.isEmpty() && !value.equals(written)) {
                faults.add("the default of '%s' is %s, not %s".formatted(key, value, written));
            }
        });
        documented.keySet().stream()
                .filter(key -> !expected.containsKey(key))
                .forEach(key -> faults.add("there is no option '%s'".formatted(key)));
        assertEquals("", String.join("\n", faults));
    }

    private static void add(Class<?> type, String path, Map<String, String> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key =
                    path + component.getName().replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT);
            if (isGroup(component.getType())) {
                add(component.getType(), key + ".", keys);
            } else {
                Option option = component.getAnnotation(Option.class);
                keys.put(key, option == null ? "" : option.otherwise());
            }
        }
    }

    /// A record that holds options, and not one value.
    private static boolean isGroup(Class<?> type) {
        return type.isRecord()
                && type.getRecordComponents().length > 0
                && type.getRecordComponents()[0].isAnnotationPresent(Option.class);
    }
}
