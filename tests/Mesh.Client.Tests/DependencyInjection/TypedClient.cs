namespace Mesh.Client.Tests.DependencyInjection;

/// <summary>A client as applications write it.</summary>
internal sealed class TypedClient(HttpClient client)
{
    public async Task<int> GetAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return (int)response.StatusCode;
    }
}
