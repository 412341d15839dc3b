using System.Text.Json;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;

namespace Mesh.Client.Consul.Registration;

/// <summary>The agent that instances are registered with.</summary>
internal sealed class ConsulAgent(ConsulClient client)
{
    public ConsulPolicy Policy => client.Policy;

    /// <summary>What the agent knows of an instance; <see langword="null"/> is nothing.</summary>
    /// <param name="id">The instance.</param>
    /// <param name="hash">What was known of it, whose change is waited for; empty does not wait.</param>
    /// <param name="wait">How long the agent may hold the answer back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConsulException">It could not be asked.</exception>
    public async Task<AgentServiceRecord?> FindAsync(string id, string hash, TimeSpan wait, CancellationToken cancellationToken)
    {
        var query = new ConsulQuery($"agent/service/{Uri.EscapeDataString(id)}") { Hash = hash, Wait = wait };
        try
        {
            using ConsulAnswer answer = await client.GetAsync(query, cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(answer.Body, ConsulJson.Default.AgentServiceRecord) ?? throw client.Unreadable(query, "null");
        }
        catch (ConsulException error) when (error.Status == 404)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw client.Unreadable(query, error.Message);
        }
    }

    /// <summary>The checks of an instance, those that others gave it included.</summary>
    /// <exception cref="ConsulException">It could not be asked.</exception>
    public async Task<AgentCheckRecord[]> ChecksAsync(string id, CancellationToken cancellationToken)
    {
        var query = new ConsulQuery("agent/checks") { Filter = $"ServiceID == \"{id}\"" };
        using ConsulAnswer answer = await client.GetAsync(query, cancellationToken).ConfigureAwait(false);
        try
        {
            return [.. (JsonSerializer.Deserialize(answer.Body, ConsulJson.Default.DictionaryStringAgentCheckRecord) ?? []).Values.OfType<AgentCheckRecord>()];
        }
        catch (JsonException error)
        {
            throw client.Unreadable(query, error.Message);
        }
    }

    /// <summary>Whether what the agent is told can reach the catalog. An agent that is told something before there is a leader may pass it on up to half a minute late.</summary>
    /// <exception cref="ConsulException">There is no leader, or it could not be asked.</exception>
    public async Task RequireLeaderAsync(CancellationToken cancellationToken)
    {
        var query = new ConsulQuery("status/leader");
        using ConsulAnswer answer = await client.GetAsync(query, cancellationToken).ConfigureAwait(false);
        try
        {
            if (JsonSerializer.Deserialize(answer.Body, ConsulJson.Default.String) is { Length: > 0 })
            {
                return;
            }
        }
        catch (JsonException error)
        {
            throw client.Unreadable(query, error.Message);
        }

        throw new ConsulException($"Consul at {Policy.Address} has no leader, so that nobody would see the instance", isOutage: true);
    }

    // What was begun is not cancelled: the agent may have it already, and a write that overtakes a later one would undo it.
    public Task RegisterAsync(InstanceForm form, bool replaceChecks) =>
        client.PutAsync(new ConsulQuery("agent/service/register") { ReplaceChecks = replaceChecks }, form.Json(), CancellationToken.None);

    public Task DeregisterAsync(string id) => client.PutAsync(new ConsulQuery($"agent/service/deregister/{Uri.EscapeDataString(id)}"), default, CancellationToken.None);

    public Task DropCheckAsync(string checkId) => client.PutAsync(new ConsulQuery($"agent/check/deregister/{Uri.EscapeDataString(checkId)}"), default, CancellationToken.None);

    public Task PassAsync(string checkId, CancellationToken cancellationToken) =>
        client.PutAsync(new ConsulQuery($"agent/check/pass/{Uri.EscapeDataString(checkId)}"), default, cancellationToken);
}
