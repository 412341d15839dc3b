using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Mesh.Agent.Options;
using Mesh.Client.AspNetCore.Admin.Answers;

namespace Mesh.Agent.Commands.Explaining;

/// <summary>Asks an agent that runs, by its admin API.</summary>
internal static class RunningAgent
{
    private const string Path = "mesh/api/explain";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks for an explanation.</summary>
    /// <param name="admin">The admin listener: <c>http://127.0.0.1:15000</c> or <c>unix:/run/mesh/admin.sock</c>.</param>
    /// <param name="line">The request.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ExplanationAnswer> AskAsync(string admin, RequestLine line, CancellationToken cancellationToken)
    {
        ListenAddress? socket = ListenAddress.Parse(admin, out ListenAddress address) is null && address.Address is null ? address : null;
        if (socket is null && (!Uri.TryCreate(admin, UriKind.Absolute, out Uri? parsed) || parsed.Scheme is not ("http" or "https")))
        {
            throw new ArgumentException($"--admin {admin} is no address of an admin listener; write http://127.0.0.1:15000 or unix:/path/of/the.sock");
        }

        using var client = new HttpClient(Handler(socket)) { BaseAddress = new Uri(socket is null ? admin.TrimEnd('/') + "/" : "http://localhost/"), Timeout = s_patience };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(Path + Query(line), UriKind.Relative), cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return await response.Content.ReadFromJsonAsync(ExplanationJson.Default.ExplanationAnswer, cancellationToken).ConfigureAwait(false)
                    ?? throw new HttpRequestException($"The agent at {admin} gave no answer.");
            }

            throw new HttpRequestException($"The agent at {admin} answered {(int)response.StatusCode}: {(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)).Trim()}");
        }
        catch (HttpRequestException error) when (error.StatusCode is null && error.InnerException is SocketException)
        {
            throw new HttpRequestException($"No agent answers at {admin}: {error.InnerException!.Message}. Is it running, and is this its Agent:Admin?", error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"The agent at {admin} did not answer within {s_patience.TotalSeconds} s.");
        }
    }

    private static string Query(RequestLine line)
    {
        var query = new StringBuilder($"?method={Uri.EscapeDataString(line.Method)}&uri={Uri.EscapeDataString(line.Uri.OriginalString)}");
        foreach (string header in line.Headers)
        {
            query.Append("&header=").Append(Uri.EscapeDataString(header));
        }

        return query.ToString();
    }

    private static SocketsHttpHandler Handler(ListenAddress? unix) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = unix is null ? null : async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(unix.Path), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
