package org.anycastdns.server.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Files in memory that fail by plan, and that can lose what was not forced.
///
/// After a crash each write that was not forced is there, lost, there in part, or there as zeros,
/// whatever became of the writes before it. Of the changes of names the first ones are there: file
/// systems keep their order.
final class PlannedFiles implements FileLayer {

    /// The power fails; nothing is written any more.
    static final class PowerFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /// What happens at an operation that writes.
    enum Fate {
        SUCCEEDS,
        /// A part may be written, then there is no room.
        FAILS,
        CRASHES
    }

    /// Says what happens at each operation, by its number from 1 on.
    interface Plan {
        Fate at(int operation);
    }

    private static final class Inode {

        private byte[] content = {};
        private byte[] durable = {};
        private final List<Write> pending = new ArrayList<>();
    }

    /// A write, or a cut if there are no octets.
    private record Write(long at, byte[] octets, boolean isCut) {

        byte[] on(byte[] before) {
            int end = Math.toIntExact(at + octets.length);
            if (isCut) {
                return Arrays.copyOf(before, end);
            }
            byte[] after = Arrays.copyOf(before, Math.max(before.length, end));
            System.arraycopy(octets, 0, after, (int) at, octets.length);
            return after;
        }
    }

    private final Map<String, Inode> names = new TreeMap<>();
    private final Map<String, Inode> durableNames = new TreeMap<>();
    private final List<Consumer<Map<String, Inode>>> pendingNames = new ArrayList<>();
    private Plan plan = _ -> Fate.SUCCEEDS;
    private int operations;
    private boolean dead;

    PlannedFiles plan(Plan other) {
        plan = other;
        operations = 0;
        return this;
    }

    /// How many operations there were since the plan was made.
    int operations() {
        return operations;
    }

    private Fate fate() {
        if (dead) {
            throw new PowerFailure();
        }
        Fate fate = plan.at(++operations);
        dead = fate == Fate.CRASHES;
        return fate;
    }

    private void meet(Runnable done) throws IOException {
        switch (fate()) {
            case SUCCEEDS -> done.run();
            case FAILS -> throw new IOException("No space left on device");
            case CRASHES -> {
                done.run();
                throw new PowerFailure();
            }
        }
    }

    /// The files as they are after the power failed.
    PlannedFiles afterCrash(SplittableRandom random) {
        PlannedFiles after = new PlannedFiles();
        Map<String, Inode> there = new LinkedHashMap<>(durableNames);
        int kept = random.nextInt(pendingNames.size() + 1);
        pendingNames.subList(0, kept).forEach(change -> change.accept(there));
        there.forEach((name, inode) -> after.put(name, survived(inode, random)));
        return after;
    }

    /// The files as they are when only the process died.
    PlannedFiles afterKill() {
        PlannedFiles after = new PlannedFiles();
        names.forEach((name, inode) -> after.put(name, inode.content));
        return after;
    }

    private static byte[] survived(Inode inode, SplittableRandom random) {
        byte[] content = inode.durable;
        int mood = random.nextInt(4);
        for (Write write : inode.pending) {
            int fate = mood < 3 ? mood : random.nextInt(4);
            byte[] octets = write.octets;
            content =
                    switch (fate) {
                        case 0 -> write.on(content);
                        case 1 -> content;
                        case 2 -> part(write, random.nextInt(octets.length + 1)).on(content);
                        default ->
                                write.isCut
                                        ? content
                                        : new Write(write.at, new byte[octets.length], false)
                                                .on(content);
                    };
        }
        return content;
    }

    private static Write part(Write write, int count) {
        return write.isCut ? write : new Write(write.at, Arrays.copyOf(write.octets, count), false);
    }

    /// Puts a durable file there.
    void put(String name, byte[] content) {
        Inode inode = new Inode();
        inode.content = content.clone();
        inode.durable = inode.content;
        names.put(name, inode);
        durableNames.put(name, inode);
    }

    byte[] content(String name) {
        Inode inode = names.get(name);
        if (inode == null) {
            throw new AssertionError("no file " + name);
        }
        return inode.content.clone();
    }

    private void rename(Consumer<Map<String, Inode>> change) {
        change.accept(names);
        pendingNames.add(change);
    }

    @Override
    public SortedMap<String, Long> sizes() {
        SortedMap<String, Long> sizes = new TreeMap<>();
        names.forEach((name, inode) -> sizes.put(name, (long) inode.content.length));
        return sizes;
    }

    @Override
    public StoreFile open(String name) throws IOException {
        Inode there = names.get(name);
        Inode inode = there == null ? new Inode() : there;
        if (there == null) {
            meet(() -> rename(all -> all.put(name, inode)));
        }
        return new PlannedFile(inode);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        meet(() ->
                rename(all -> {
                    Inode inode = all.remove(from);
                    if (inode != null) {
                        all.put(to, inode);
                    }
                }));
    }

    @Override
    public void delete(String name) throws IOException {
        meet(() -> rename(all -> all.remove(name)));
    }

    @Override
    public void forceNames() throws IOException {
        if (fate() == Fate.SUCCEEDS) {
            pendingNames.forEach(change -> change.accept(durableNames));
            pendingNames.clear();
            return;
        }
        fail("Input/output error");
    }

    private void fail(String reason) throws IOException {
        if (dead) {
            throw new PowerFailure();
        }
        throw new IOException(reason);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "planned files";
    }

    private final class PlannedFile implements StoreFile {

        private final Inode inode;

        PlannedFile(Inode inode) {
            this.inode = inode;
        }

        private void apply(Write write) {
            inode.content = write.on(inode.content);
            inode.pending.add(write);
        }

        @Override
        public int read(byte[] to, int from, int count, long at) {
            int there = Math.clamp(inode.content.length - at, 0, count);
            System.arraycopy(
                    inode.content, (int) Math.min(at, inode.content.length), to, from, there);
            return there;
        }

        @Override
        public void write(byte[] octets, int count, long at) throws IOException {
            Write whole = new Write(at, Arrays.copyOf(octets, count), false);
            Fate fate = fate();
            apply(fate == Fate.FAILS ? part(whole, count / 2) : whole);
            if (fate != Fate.SUCCEEDS) {
                fail("No space left on device");
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            meet(() -> apply(new Write(0, new byte[(int) size], true)));
        }

        @Override
        public void force() throws IOException {
            if (fate() == Fate.SUCCEEDS) {
                inode.durable = inode.content;
                inode.pending.clear();
                return;
            }
            fail("Input/output error");
        }

        @Override
        public void close() {}
    }
}
