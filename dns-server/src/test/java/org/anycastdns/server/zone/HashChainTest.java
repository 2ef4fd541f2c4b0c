package org.anycastdns.server.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Whatever the hashes look like, the entry is that of a search from one end to the other.
class HashChainTest {

    private static final long SEED = Long.getLong("anycastdns.chain.seed", 20_261_127L);
    private static final int CHAINS = 400;
    private static final int LENGTH_MAX = 300;
    private static final int QUESTIONS = 200;
    private static final int HEADER = 8;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void everyHashIsFoundOrCovered() {
        for (int i = 0; i < CHAINS; i++) {
            int spread = random.nextInt(Nsec3Hash.OCTETS);
            byte[][] hashes = hashes(1 + random.nextInt(LENGTH_MAX), spread);
            HashChain chain = chain(hashes);
            for (byte[] hash : hashes) {
                check(chain, hashes, hash, i);
            }
            for (int j = 0; j < QUESTIONS; j++) {
                check(chain, hashes, hash(spread), i);
                check(chain, hashes, hash(0), i);
            }
        }
    }

    @Test
    void theEndsOfTheRing() {
        byte[] least = new byte[Nsec3Hash.OCTETS];
        byte[] most = new byte[Nsec3Hash.OCTETS];
        Arrays.fill(most, (byte) 0xff);
        byte[][] hashes = {least, most};
        check(chain(hashes), hashes, least, 0);
        check(chain(hashes), hashes, most, 0);
        byte[][] one = {hash(0)};
        check(chain(one), one, least, 0);
        check(chain(one), one, most, 0);
    }

    private void check(HashChain chain, byte[][] hashes, byte[] hash, int number) {
        int expected = hashes.length - 1;
        for (int i = 0; i < hashes.length && Arrays.compareUnsigned(hashes[i], hash) <= 0; i++) {
            expected = i;
        }
        assertEquals(
                expected, chain.matchOrCover(hash), "seed %d, chain %d".formatted(SEED, number));
    }

    /// Hashes in order, the first octets of which are all alike.
    private byte[][] hashes(int count, int alike) {
        byte[][] all = new byte[count][];
        Arrays.setAll(all, _ -> hash(alike));
        Arrays.sort(all, Arrays::compareUnsigned);
        return all;
    }

    private byte[] hash(int alike) {
        byte[] hash = new byte[Nsec3Hash.OCTETS];
        random.nextBytes(hash);
        Arrays.fill(hash, 0, alike, (byte) 0x9c);
        return hash;
    }

    private static HashChain chain(byte[][] hashes) {
        MemorySegment image =
                Arena.ofAuto().allocate(HEADER + (long) Layout.NSEC3_ENTRY_OCTETS * hashes.length);
        HashChain chain = new HashChain(image, HEADER, hashes.length);
        for (int i = 0; i < hashes.length; i++) {
            MemorySegment.copy(hashes[i], 0, image, Layout.U8, chain.hash(i), Nsec3Hash.OCTETS);
        }
        return chain;
    }
}
