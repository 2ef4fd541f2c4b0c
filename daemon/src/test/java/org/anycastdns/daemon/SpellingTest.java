package org.anycastdns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Which known word a mistyped one was meant to be.
class SpellingTest {

    private static final List<String> KNOWN = List.of("listen", "zones", "admin", "admin-names");

    @Test
    void oneOrTwoSlipsAreSeen() {
        assertEquals("zones", Spelling.nearest("zones", KNOWN));
        assertEquals("zones", Spelling.nearest("zone", KNOWN)); // left out
        assertEquals("zones", Spelling.nearest("zoness", KNOWN)); // too many
        assertEquals("listen", Spelling.nearest("lisden", KNOWN)); // another
        assertEquals("listen", Spelling.nearest("lsiten", KNOWN)); // two that changed places
        assertEquals("admin-names", Spelling.nearest("admin_name", KNOWN));
    }

    @Test
    void moreSlipsAreAnotherWord() {
        assertNull(Spelling.nearest("lsitne", KNOWN));
        assertNull(Spelling.nearest("", KNOWN));
        assertNull(Spelling.nearest("zones", List.of()));
    }

    @Test
    void theNearestWinsAndOfEqualsTheFirst() {
        assertEquals("port", Spelling.nearest("port", List.of("ports", "port")));
        assertEquals("bind", Spelling.nearest("find", List.of("bind", "wind")));
        assertEquals("wind", Spelling.nearest("find", List.of("wind", "bind")));
    }
}
