using System.Collections.Immutable;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Pipeline.Routes;
using Mesh.Client.Routing;
using Mesh.Client.Services;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Explaining;

/// <summary>Explains a request by the code that calls go through: the same table, the same matcher, the same views of a service.</summary>
internal sealed class MeshExplain(MeshServices services) : IMeshExplain
{
    public async Task<MeshExplanation> ExplainAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } uri)
        {
            throw new ArgumentException("The request has no absolute URI; write one such as http://orders/a.", nameof(request));
        }

        if (!services.MayAsk(uri))
        {
            return new MeshExplanation
            {
                IsService = false,
                Service = uri.Host,
                Problem = $"{MeshServices.MaxAsked} services or more are in use, and it is none of them: a question brings no further one into use then. Services that nobody calls or asks about leave after ten minutes",
            };
        }

        if (!services.TryGet(uri, null, out MeshService? service))
        {
            return new MeshExplanation
            {
                IsService = false,
                Service = uri.Host,
                Problem = "the host is no service of the mesh: an address, localhost, a name with dots that nobody named under Mesh:Services, or one that no source knows",
            };
        }

        (ServiceSnapshot? whole, string problem) = await FindAsync(service, cancellationToken).ConfigureAwait(false);
        if (whole is null)
        {
            return new MeshExplanation { IsService = !service.IsTentative, Service = service.Name, Problem = problem };
        }

        string? lane = CallLane.Of(request, services.Engine.Inbound);
        (ImmutableArray<RouteExplanation> routes, ImmutableArray<(RoutePolicy? Route, double Probability)> possible) = Match(request, whole, lane);
        var outcomes = ImmutableArray.CreateBuilder<OutcomeExplanation>();
        foreach ((RoutePolicy? route, double probability) in possible)
        {
            if (route is null)
            {
                outcomes.Add(Describe(request, service, service, whole, null, LabelSet.Empty, lane, probability, ""));
                continue;
            }

            foreach ((SplitTarget target, double share) in Targets(request, whole, route))
            {
                outcomes.Add(await DescribeAsync(request, service, whole, route, target, lane ?? route.Lane, probability * share, cancellationToken).ConfigureAwait(false));
            }
        }

        return new MeshExplanation { IsService = true, Service = service.Name, Lane = lane, Routes = routes, Outcomes = outcomes.ToImmutable() };
    }

    private static async Task<(ServiceSnapshot? Snapshot, string Problem)> FindAsync(MeshService service, CancellationToken cancellationToken)
    {
        try
        {
            return await service.ResolveAsync(cancellationToken).ConfigureAwait(false) is { } snapshot ? (snapshot, "") : (null, service.NotFound().Message);
        }
        catch (MeshException error)
        {
            return (null, error.Message);
        }
    }

    private static (ImmutableArray<RouteExplanation> Routes, ImmutableArray<(RoutePolicy? Route, double Probability)> Possible) Match(HttpRequestMessage request, ServiceSnapshot whole, string? lane)
    {
        var routes = ImmutableArray.CreateBuilder<RouteExplanation>();
        var possible = ImmutableArray.CreateBuilder<(RoutePolicy?, double)>();
        var facts = new CallFacts(request, whole.Local.Service, lane);
        double left = 1;
        foreach (RoutePolicy route in whole.Routes?.Routes ?? [])
        {
            RouteCondition failure = RouteMatcher.FirstFailure(route.Match, facts, null, out string name);
            routes.Add(new RouteExplanation
            {
                Name = route.Name,
                Matches = failure is RouteCondition.None or RouteCondition.Fraction,
                Fraction = route.Match.Fraction,
                Reason = RouteReason.Of(route.Match, failure, name, facts),
            });
            if (failure is RouteCondition.None)
            {
                possible.Add((route, left * route.Match.Fraction));
                left *= 1 - route.Match.Fraction;
            }

            if (left <= 0)
            {
                return (routes.ToImmutable(), possible.ToImmutable());
            }
        }

        possible.Add((null, left));
        return (routes.ToImmutable(), possible.ToImmutable());
    }

    private static IEnumerable<(SplitTarget Target, double Share)> Targets(HttpRequestMessage request, ServiceSnapshot whole, RoutePolicy route)
    {
        ImmutableArray<SplitTarget> targets = route.Split.Items;
        if (Split.ByKey(route, request, whole.Local) is { } kept)
        {
            return [(kept, 1)];
        }

        double total = targets.Sum(static t => (double)t.Weight);
        return targets.Where(static t => t.Weight > 0).Select(t => (t, t.Weight / total));
    }

    private async Task<OutcomeExplanation> DescribeAsync(
        HttpRequestMessage request, MeshService owner, ServiceSnapshot whole, RoutePolicy route, SplitTarget target, string? lane, double probability, CancellationToken cancellationToken)
    {
        if (target.Service is not { } name || route.Actions is { Respond: not null } or { Redirect: not null })
        {
            return Describe(request, owner, owner, whole, route, target.Labels, lane, probability, "");
        }

        MeshService service = services.Sibling(owner, name);
        (ServiceSnapshot? other, string problem) = await FindAsync(service, cancellationToken).ConfigureAwait(false);
        return Describe(request, owner, service, other is null ? whole : service.Under(other, whole), route, target.Labels, lane, probability, problem);
    }

    private OutcomeExplanation Describe(
        HttpRequestMessage request, MeshService owner, MeshService service, ServiceSnapshot whole, RoutePolicy? route, LabelSet labels, string? lane, double probability, string problem)
    {
        ServiceSnapshot view = owner.For(whole, new ViewKey(route, labels, whole.Subsets.LaneInUse(lane)));
        RouteActions? actions = route?.Actions;
        int? answer = actions?.Respond?.Status ?? actions?.Redirect?.Status;
        bool reachesEndpoints = problem.Length == 0 && answer is null;
        ImmutableArray<EndpointExplanation> endpoints = reachesEndpoints ? Endpoints(view, request.RequestUri!.Scheme) : [];
        Uri uri = actions?.Path is { } path && answer is null ? PathRewriter.Apply(path, request.RequestUri!) : request.RequestUri!;
        return new OutcomeExplanation
        {
            Probability = probability,
            Route = route?.Name,
            Service = service.Name,
            Subset = labels.ToString(),
            Lane = lane,
            AnswersWith = answer,
            PathAndQuery = uri.PathAndQuery,
            Host = actions?.Host ?? request.Headers.Host ?? request.RequestUri!.Authority,
            Actions = RouteActionWords.Of(actions, owner.Name),
            Timeout = view.Policy.Timeout,
            AttemptTimeout = view.Policy.AttemptTimeout,
            MaxAttempts = view.Policy.Retry.MaxAttempts,
            RateLimits = [.. (view.Limits?.Limits ?? []).Select(static l => l.Policy.Name)],
            Problem = problem.Length > 0 ? problem : reachesEndpoints && endpoints.IsEmpty ? NoEndpointWords(view, labels, lane) : "",
            Endpoints = endpoints,
        };
    }

    private ImmutableArray<EndpointExplanation> Endpoints(ServiceSnapshot view, string scheme)
    {
        long now = services.Engine.Clock.GetTimestamp();
        var endpoints = ImmutableArray.CreateBuilder<EndpointExplanation>();
        var report = new EndpointReport(view, services.Engine.Clock, now);
        int rank = 0;
        foreach (ImmutableArray<EndpointNode> group in view.CandidatesByRank)
        {
            endpoints.AddRange(group
                .Where(n => ServiceSnapshot.Serves(n, scheme))
                .Select(n => new EndpointExplanation(rank, report.OfMember(n)))
                .OrderByDescending(static e => e.Status.IsUsable)
                .ThenBy(static e => e.Status.Address, StringComparer.Ordinal));
            rank++;
        }

        return endpoints.ToImmutable();
    }

    private static string NoEndpointWords(ServiceSnapshot view, LabelSet labels, string? lane) =>
        view.Nodes.IsEmpty ? $"no endpoint is known (asked {view.Asked})"
        : labels.Count > 0 ? $"no endpoint has the labels {labels}, and Subsets:Fallback is {view.Policy.Subsets.Fallback}"
        : lane is not null && view.Policy.Lanes.IsStrict(lane) ? $"no endpoint is labelled {view.Policy.Lanes.Label}={lane}, and the lane is strict"
        : "no endpoint serves the scheme or takes calls";
}
