using System.Net;
using Mesh.Agent.Options;
using Mesh.Client.Discovery;
using Mesh.Client.Matching;
using Mesh.Client.Model;
using Mesh.Client.Options.Checking;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Paths;

/// <summary>Addresses: of endpoints, of networks, of listeners.</summary>
internal sealed class AddressTarget : IFuzzTarget
{
    public string Name => "address";

    public Grammar Grammar { get; } = new()
    {
        Tokens = ["http://", "https://", "unix:", "unix:/", "[", "]", "[]", "[::1]", "::1", ":", ":80", ":65536", "10.0.0.1", "10.0.0.0", "/8", "/129", "::ffff:", "a.b", "-", "_", "%eth0", "@", "*", "+", "localhost", "1", "010"],
        MaxLength = 512,
        BytesForEach = 128,
    };

    public int Run(byte[] input)
    {
        string text = InputText.Of(input);
        int kind = 0;
        if (EndpointAddress.Parse(text, out EndpointAddress address) is null)
        {
            string? fault = EndpointCheck.Fault(EndpointUpdate.Found(new EndpointSet([new MeshEndpoint(address.Host, address.Port) { Scheme = address.Scheme }])), null);
            FuzzFaultException.Unless(fault is null, $"The mesh refuses an address that was read: {fault}.");
            kind |= 1 | (address.Scheme is null ? 0 : 2) | (address.Port == 0 ? 4 : 0);
        }

        if (NetworkSet.TryParse(text, out IPNetwork network) is null)
        {
            FuzzFaultException.Unless(NetworkSet.TryParse(network.ToString(), out IPNetwork again) is null && again.Equals(network), "A network that was read is not read again.");
            FuzzFaultException.Unless(NetworkSet.Parse([text]).Contains(NetworkSet.Canonical(network.BaseAddress)), "A network does not have its first address.");
            kind |= 8;
        }

        if (ListenAddress.Parse(text, out ListenAddress listen) is null)
        {
            FuzzFaultException.Unless(ListenAddress.Parse(listen.ToString(), out ListenAddress again) is null && again == listen, $"\"{listen}\" is not read again.");
            kind |= 16 | (listen.Address is null ? 32 : 0);
        }

        return kind | (HostName.IsValid(text) ? 64 : 0) | (HostName.ServiceProblem(text) is null ? 128 : 0);
    }
}
