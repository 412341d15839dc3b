using System.ComponentModel.DataAnnotations;
using Mesh.Client.Options;

namespace Mesh.Client.Consul;

/// <summary>How to reach Consul, how to read it and how to register there: the section <c>Consul</c> under <c>Mesh</c>. Changes count from the next query on.</summary>
public sealed class ConsulOptions
{
    /// <summary>The agent or server to ask: <c>http://host:port</c> or <c>https://host:port</c>. Instances are registered with it, so that a process that registers keeps to one, at best its machine's agent.</summary>
    /// <value>Default http://127.0.0.1:8500.</value>
    public string Address { get; set; } = "http://127.0.0.1:8500";

    /// <summary>The ACL token, which needs <c>service:read</c> and <c>node:read</c>, and to register <c>service:write</c>; empty is the agent's own default token.</summary>
    public string Token { get; set; } = "";

    /// <summary>The datacenter to ask where a service's name says none, as <c>orders.dc2.mesh</c> does; empty is the agent's own. A change counts for services that come into use after it.</summary>
    public string Datacenter { get; set; } = "";

    /// <summary>How long Consul may hold a query while nothing changes. A query that has no answer a sixteenth and 5 s after it is given up.</summary>
    /// <value>Default 00:01:00; from 00:00:01 to 00:10:00.</value>
    [DurationRange("00:00:01", "00:10:00")]
    public TimeSpan WaitTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether instances with a check in state <c>warning</c> take calls too, with the weight that Consul has for that state.</summary>
    /// <value>Default false.</value>
    public bool IncludeWarning { get; set; }

    /// <summary>Whether any server may answer, also one that lags a little or has no leader; otherwise the leader answers every query.</summary>
    /// <value>Default true.</value>
    public bool StaleReads { get; set; } = true;

    /// <summary>
    /// The most connections to Consul. Nearly as many services have a query of their own; those beyond share one watch of the whole catalog. Consul itself allows
    /// 200 from one client address, which the processes of a machine share. A change counts for services that come into use after it.
    /// </summary>
    /// <value>Default 64; from 12 to 10000.</value>
    [Range(12, 10000)]
    public int MaxConnections { get; set; } = 64;

    /// <summary>The meta key, or the tag <c>key=value</c>, that says an instance's zone.</summary>
    /// <value>Default zone.</value>
    public string ZoneKey { get; set; } = "zone";

    /// <summary>The meta key, or the tag <c>key=value</c>, that says an instance's region.</summary>
    /// <value>Default region.</value>
    public string RegionKey { get; set; } = "region";

    /// <summary>The meta key, or the tag <c>key=value</c>, that says <c>http</c> or <c>https</c>. <c>secure=true</c> and <c>secure=false</c> are always understood.</summary>
    /// <value>Default scheme.</value>
    public string SchemeKey { get; set; } = "scheme";

    /// <summary>
    /// Where policies are in Consul's KV store: <c>{prefix}orders</c> is the document of the service orders, a name that begins with an underscore is a whole document,
    /// with <c>Defaults</c>, <c>Services</c> or both. Empty reads none. The token needs <c>key:read</c> there.
    /// </summary>
    /// <value>Default mesh/policies/.</value>
    public string PolicyPrefix { get; set; } = "mesh/policies/";

    /// <summary>Sets up the connections to Consul in code, once, at start: certificates, a proxy, another way to dial.</summary>
    public Action<SocketsHttpHandler>? ConfigureHandler { get; set; }
}
