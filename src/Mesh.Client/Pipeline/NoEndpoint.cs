using System.Globalization;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Pipeline.Routes;
using Mesh.Client.Services;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Pipeline;

/// <summary>Says why no endpoint could be picked.</summary>
internal static class NoEndpoint
{
    private const int MaxListed = 5;

    public static MeshException Error(MeshService service, ServiceSnapshot snapshot, HttpRequestMessage request, long now, List<EndpointNode>? tried)
    {
        if (snapshot.Nodes.IsEmpty)
        {
            return new MeshException(
                MeshError.NoEndpoints,
                service.Name,
                $"Service \"{service.Name}\" has no endpoint: none is known (asked {snapshot.Asked}). Register an instance, or name one under Mesh:Services:{service.Name}:Endpoints.");
        }

        string scheme = request.RequestUri!.Scheme;
        List<EndpointNode> right = [.. snapshot.Nodes.Where(n => ServiceSnapshot.Serves(n, scheme))];
        string? lane = snapshot.View.Lane is SubsetTable.Nobody ? CallLane.NamedBy(request) : snapshot.View.Lane;
        string part = PartOf(snapshot, lane);
        if (part.Length > 0 && right.Count > 0)
        {
            HashSet<EndpointNode> meant = [.. snapshot.CandidatesByRank.SelectMany(static c => c)];
            List<EndpointNode> fit = [.. right.Where(meant.Contains)];
            if (fit.Count == 0)
            {
                return new MeshException(MeshError.NoEndpointAvailable, service.Name, Missing(service, snapshot, right.Count, part, lane));
            }

            right = fit;
        }

        if (right.Count == 0)
        {
            string other = scheme switch { "https" => "http", "wss" => "ws", "ws" => "wss", _ => "https" };
            return new MeshException(
                MeshError.NoEndpointAvailable,
                service.Name,
                $"Service \"{service.Name}\": none of its {snapshot.Nodes.Length} endpoints serves {scheme}, such as {snapshot.Nodes[0].Endpoint}. Call {other}://{service.Name}, or https+http://{service.Name} for either.");
        }

        int drained = right.Count(static n => n.Endpoint.Weight == 0);
        if (drained == right.Count)
        {
            return new MeshException(
                MeshError.NoEndpointAvailable,
                service.Name,
                $"Service \"{service.Name}\": all of its {drained} endpoints have weight 0, which takes no calls (asked {snapshot.Asked}). Give one of them a weight above 0.");
        }

        List<EndpointNode> used = [.. snapshot.Members.Where(right.Contains)];
        List<EndpointNode> shut = [.. used.Where(n => !n.IsAvailable(now))];
        string spare = drained == 0 ? "" : $"; {drained} of weight 0";
        int elsewhere = right.Count - drained - used.Count;
        spare += elsewhere <= 0 ? "" : $"; {elsewhere} left to other processes (LoadBalancing:SubsetSize {snapshot.Policy.Balancing.SubsetSize})";
        string list = string.Join(", ", shut.Take(MaxListed).Select(static n => $"{n.Endpoint.Authority} {StateWords.Of(n)}"));
        string ejected = shut.Count == 0 ? "" : $"; {shut.Count} out ({list}{(shut.Count > MaxListed ? ", …" : "")})";
        string again = tried is null ? "" : $"; {tried.Distinct().Count()} tried already by this call";
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"Service \"{service.Name}\": none of its {right.Count} endpoints{part} can be used now{ejected}{again}{spare} (asked {snapshot.Asked}). They come back by themselves when they answer again, isolated ones when they are released; see CircuitBreaker:MaxEjectionPercent, FailFast and LoadBalancing:PanicThreshold.");
        return new MeshException(MeshError.NoEndpointAvailable, service.Name, message);
    }

    // Which of the service's endpoints such calls may go to, where it is not all of them.
    private static string PartOf(ServiceSnapshot snapshot, string? lane)
    {
        LabelSet labels = snapshot.View.Labels;
        string subset = labels.Count == 0 ? "" : $" for calls to the subset {labels}";
        return lane is null ? subset : $"{subset}{(subset.Length > 0 ? " and" : " for calls in")} the lane \"{lane}\" (label {snapshot.Policy.Lanes.Label})";
    }

    private static string Missing(MeshService service, ServiceSnapshot snapshot, int count, string part, string? lane)
    {
        string key = $"Mesh:Services:{service.Name}:";
        string remedy = snapshot.Subsets.IsStrict(snapshot.View.Lane)
            ? $"Start an instance with {snapshot.Policy.Lanes.Label}={lane} among its labels (Local:Labels), or take the lane out of {key}Lanes:Strict to let its calls fall back"
            : $"Start an instance with these labels (Local:Labels), or let such calls fall back by {key}Subsets:Fallback";
        return string.Create(CultureInfo.InvariantCulture, $"Service \"{service.Name}\": there is none among its {count} endpoints{part} (asked {snapshot.Asked}). {remedy}.");
    }
}
