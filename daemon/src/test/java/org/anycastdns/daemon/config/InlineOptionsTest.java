package org.anycastdns.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Records of options that are written among the options of their group.
class InlineOptionsTest {

    private static final OptionSet<Outer> SET =
            new OptionSet<>("test", Outer.class, Kinds.STANDARD, (_, _) -> {});

    /// A group whose options several others share.
    public record Shared(
            @Option(value = "How often.", byDefault = "1s") Duration interval,
            @Option("How many.") int count) {}

    /// A group with an inlined one in the middle.
    public record Outer(
            @Option("The first.") String first,
            @Option(value = "", inline = true) Shared shared,
            @Option(value = "The last.", byDefault = "true") boolean last) {}

    @Test
    void theOptionsOfAnInlinedRecordAreThoseOfItsGroup() {
        assertEquals(
                List.of("first", "interval", "count", "last"),
                SET.options().stream().map(Declaration::key).toList());
        Loaded.Valid<?> valid =
                assertInstanceOf(Loaded.Valid.class, parse("first: a\ncount: 3\nlast: false\n"));
        assertEquals(new Outer("a", new Shared(Duration.ofSeconds(1), 3), false), valid.config());
    }

    @Test
    void aMistakeInOneIsNamedAsInItsGroup() {
        Loaded.Invalid<?> invalid =
                assertInstanceOf(Loaded.Invalid.class, parse("first: a\ncuont: 3\n"));
        assertEquals(
                "[a.yaml:1:1: count: is missing: How many., a.yaml:2:1: unknown key 'cuont'; did you"
                        + " mean 'count'?]",
                invalid.problems().toString());
    }

    private static Loaded<Outer> parse(String text) {
        return SET.parse("a.yaml", text, _ -> null);
    }
}
