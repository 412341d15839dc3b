using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Access;

/// <summary>The host of a request, whatever was sent as one: <see cref="HttpRequest.Host"/> throws where <c>xn--</c> is followed by what is no encoded name.</summary>
internal static class RequestHost
{
    public static HostString Of(HttpRequest request)
    {
        try
        {
            return request.Host;
        }
        catch (ArgumentException)
        {
            return new HostString(request.Headers.Host.ToString());
        }
    }
}
