package org.anycastdns.server.zone.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.anycastdns.server.zone.Layout;
import org.junit.jupiter.api.Test;

class SetPoolTest {

    private static final long MIB = 1 << 20;
    private static final byte[] SET = {1, 2, 3};

    private static int reference(SetPool pool) {
        return pool.reference(SET, 0, SET.length, SetPool.hash(SET, 0, SET.length));
    }

    @Test
    void equalSetsAreStoredOnce() {
        SetPool pool = new SetPool(64);
        int reference = reference(pool);
        assertEquals(64, Layout.offset(reference));
        assertEquals(reference, reference(pool));
    }

    /// A negative reference would be read as the signature of another set.
    @Test
    void referencesArePositiveUpToTheEndOfTheLargestImage() {
        assertTrue(reference(new SetPool(Layout.SETS_END_MAX - MIB)) > 0);
        SetPool full = new SetPool(Layout.SETS_END_MAX);
        assertThrows(IllegalStateException.class, () -> reference(full));
    }
}
