/// The lab's network as a value: the content of the topology file, and the addresses derived from
/// it.
///
///     topology.yaml --TopologyFile--> Topology --Addresses--> subnets, hosts, names of addresses
@NullMarked
package org.anycastdns.lab.topology;

import org.jspecify.annotations.NullMarked;
