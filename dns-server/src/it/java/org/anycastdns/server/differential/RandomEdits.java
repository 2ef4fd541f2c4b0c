package org.anycastdns.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/// Random sequences of edits of one zone, each as an UPDATE message: names, wildcards, cuts with
/// glue, aliases of both kinds, empty non-terminals come and go.
final class RandomEdits {

    private static final String[] LABELS = {
        "a", "b", "c", "ns", "mail", "www", "*", "deep", "x", "longer-than-others"
    };
    private static final int EDITS_MAX = 6;
    private static final int TTL_MAX = 4_000;

    private final SplittableRandom random;
    private final Name apex;
    private final int hosts;
    private final TreeSet<Name> touched = new TreeSet<>();

    /// @param hosts how many names `h0`, `h1` and so on there are beside
    RandomEdits(Name apex, int hosts, long seed) {
        this.apex = apex;
        this.hosts = hosts;
        random = new SplittableRandom(seed);
    }

    /// Returns the text of the zone before all edits.
    String zone() {
        StringBuilder text = new StringBuilder("$TTL 3600\n");
        text.append("@ SOA ns admin 1 7200 900 604800 300\n@ NS ns\n@ NS ns.outside.example.\n");
        text.append("ns A 192.0.2.53\n*.a A 192.0.2.2\nb.deep TXT \"below\"\nb.c NS ns.b.c\n");
        text.append("ns.b.c A 192.0.2.54\nwww CNAME mail\nmail MX 5 mail\n");
        for (int i = 0; i < hosts; i++) {
            text.append("h%d A 192.0.2.%d\n".formatted(i, i % 256));
        }
        return text.toString();
    }

    /// Returns the next sequence of edits.
    Update next() {
        touched.clear();
        Update update = new Update(apex);
        try {
            for (int i = random.nextInt(EDITS_MAX); i >= 0; i--) {
                edit(update);
            }
        } catch (TextParseException e) {
            throw new IllegalStateException(e);
        }
        return update;
    }

    private void edit(Update update) throws TextParseException {
        Name name = name();
        touched.add(name);
        switch (random.nextInt(8)) {
            case 0 -> update.delete(name);
            case 1 -> update.delete(name, new int[] {Type.A, Type.NS, Type.TXT}[random.nextInt(3)]);
            case 2 -> {
                update.delete(name);
                update.add(record(name));
            }
            case 3 -> {
                Name host = child("ns", name);
                update.add(of(name, "NS", host.toString()));
                update.add(of(host, "A", "192.0.2." + random.nextInt(256)));
                touched.add(host);
            }
            default -> update.add(record(name));
        }
    }

    private Record record(Name name) throws TextParseException {
        int number = random.nextInt(256);
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> of(name, "A", "192.0.2." + number);
            case 3 -> of(name, "AAAA", "2001:db8::" + Integer.toHexString(number));
            case 4 -> of(name, "TXT", "\"" + "t".repeat(number) + "\"");
            case 5 -> of(name, "MX", number + " " + name());
            case 6 -> of(name, "CNAME", name().toString());
            case 7 ->
                    of(name, name.isWild() ? "A" : "NS", name.isWild() ? "192.0.2.9" : "" + name());
            case 8 -> name.isWild() ? of(name, "A", "192.0.2.8") : of(name, "DNAME", "" + name());
            default -> of(name, "SRV", "1 2 %d %s".formatted(number, name()));
        };
    }

    private Record of(Name name, String type, String data) throws TextParseException {
        try {
            return Record.fromString(
                    name,
                    Type.value(type),
                    DClass.IN,
                    random.nextInt(1, TTL_MAX),
                    data.replace("*", "w"),
                    apex);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(type + " " + data, e);
        }
    }

    private Name name() throws TextParseException {
        if (hosts > 0 && random.nextInt(3) == 0) {
            return child("h" + random.nextInt(hosts), apex);
        }
        Name name = apex;
        for (int depth = random.nextInt(1, 4); depth > 0; depth--) {
            name = child(LABELS[random.nextInt(LABELS.length)], name);
        }
        return name;
    }

    private static Name child(String label, Name parent) throws TextParseException {
        return Name.fromString(label, parent);
    }

    /// Returns questions for the names of the last sequence, for their neighbors in the tree, and
    /// for some other names.
    ///
    /// @param more how many other names
    List<Question> questions(int more) {
        TreeSet<Name> names = new TreeSet<>();
        try {
            for (Name name : touched) {
                names.add(name);
                names.add(child("0", name));
                names.add(child("zz.0", name));
                for (Name up = new Name(name, 1); up.labels() > apex.labels(); ) {
                    names.add(up);
                    names.add(child("zz", up));
                    up = new Name(up, 1);
                }
            }
            for (int i = 0; i < more; i++) {
                names.add(name());
            }
        } catch (TextParseException e) {
            throw new IllegalStateException(e);
        }
        names.add(apex);
        int[] types = {Type.TXT, Type.NS, Type.MX, Type.DS, Type.AAAA, Type.SOA, Type.CNAME};
        List<Question> questions = new ArrayList<>();
        for (Name name : names) {
            questions.add(new Question(name, Type.A, 1_232, random.nextBoolean()));
            int type = types[random.nextInt(types.length)];
            questions.add(new Question(name, type, 1_232, random.nextBoolean()));
        }
        return questions;
    }
}
