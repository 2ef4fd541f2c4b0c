package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.anycastdns.testkit.Dig.Section;
import org.junit.jupiter.api.Test;

/// The output of dig and kdig, read.
class DigTest {

    @Test
    void anAnswerOfDigIsRead() {
        Dig answer =
                Dig.parse(
                        """
                        ; <<>> DiG 9.18 <<>> www.example.com
                        ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 7
                        ;; flags: qr aa; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1

                        ;; OPT PSEUDOSECTION:
                        ; EDNS: version: 0, flags:; udp: 1232
                        ;; QUESTION SECTION:
                        ;www.example.com.\t\tIN\tA

                        ;; ANSWER SECTION:
                        www.example.com.\t300\tIN\tA\t192.0.2.2
                        www.example.com.\t300\tIN\tA\t192.0.2.1

                        ;; Query time: 0 msec
                        """);
        assertEquals("NOERROR", answer.status());
        assertEquals(Set.of("qr", "aa"), answer.flags());
        assertEquals(
                List.of(
                        "www.example.com. 300 IN A 192.0.2.1",
                        "www.example.com. 300 IN A 192.0.2.2"),
                answer.section(Section.ANSWER));
        assertEquals(List.of(), answer.section(Section.AUTHORITY));
    }

    @Test
    void anAnswerOfKdigIsRead() {
        Dig answer =
                Dig.parse(
                        """
                        ;; ->>HEADER<<- opcode: QUERY; status: NXDOMAIN; id: 45436
                        ;; Flags: qr aa; QUERY: 1; ANSWER: 0; AUTHORITY: 1; ADDITIONAL: 0

                        ;; QUESTION SECTION:
                        ;; none.example.com.    \t\tIN\tA

                        ;; AUTHORITY SECTION:
                        example.com.        \t300\tIN\tSOA\tns1.example.com. h.example.com. 1 2 3 4 5
                        """);
        assertEquals("NXDOMAIN", answer.status());
        assertEquals(Set.of("qr", "aa"), answer.flags());
        assertEquals(
                List.of("example.com. 300 IN SOA ns1.example.com. h.example.com. 1 2 3 4 5"),
                answer.section(Section.AUTHORITY));
    }
}
