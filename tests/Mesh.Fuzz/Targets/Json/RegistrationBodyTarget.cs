using Mesh.Agent.Admin.Registrations;
using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Options.Reading;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>The body of the agent's registration API. What it takes can be kept, read again, and is an endpoint that the mesh can use.</summary>
internal sealed class RegistrationBodyTarget : IFuzzTarget
{
    public string Name => "registration-body";

    public Grammar Grammar { get; } = new()
    {
        IsJson = true,
        MaxLength = RegistrationReader.MaxBytes,
        Tokens =
        [
            "service", "address", "port", "weight", "warmUp", "ttl", "healthCheck", "healthInterval", "healthAddress", "labels", "region", "zone", "version", "orders", "localhost", "a.mesh", "http://10.0.0.7:9000", "https://[::1]:1", "[::]:1",
            "0.0.0.0:1", "10.0.0.7", "a:1", "[", "[]:1", "00:00:30", "-00:00:01", "9999999", "/healthz", "tcp", "grpc", "grpc:a.b", "grpc:/", "65535", "65536", "Service", "SERVICE", "a:b", "0",
        ],
        BaseBytes = 10 * 1024 * 1024,
        BytesForEach = 200,
    };

    public int Run(byte[] input)
    {
        string body = InputText.Of(input);
        var errors = new OptionErrors();
        RegistrationForm? form = RegistrationReader.Read(body, errors);
        IReadOnlyList<string> lines = errors.ToLines();
        FuzzFaultException.Unless(form is null == lines.Count > 0, "It takes a body with errors, or refuses one and does not say why.");
        FuzzFaultException.Unless(!lines.Any(static l => l.Any(char.IsControl)), "An error has control characters.");
        if (form is null)
        {
            return AnswerKind.Of(lines[0][(lines[0].IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        }

        RegistrationForm? again = RegistrationReader.Read(form.Body, new OptionErrors());
        FuzzFaultException.Unless(form == again, "Read again, it says something else.");
        var endpoint = new MeshEndpoint(form.Address.Host, form.Address.Port) { Scheme = form.Address.Scheme, Weight = form.Weight, Labels = form.Labels, Locality = form.Locality };
        string? fault = EndpointCheck.Fault(EndpointUpdate.Found(new EndpointSet([endpoint])), null);
        FuzzFaultException.Unless(fault is null, $"The mesh refuses what was registered: {fault}.");
        return 1000 + (form.Health is null ? 0 : 1) + (form.Ttl is null ? 0 : 2) + (10 * AnswerKind.Size(form.Labels.Count)) + (form.Address.Scheme is null ? 0 : 4);
    }
}
