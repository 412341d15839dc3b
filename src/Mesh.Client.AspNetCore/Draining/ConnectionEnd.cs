using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Draining;

/// <summary>Tells a client that its connection takes no more requests, so that its next one goes elsewhere.</summary>
internal static class ConnectionEnd
{
    public static void Request(HttpContext context)
    {
        // Later versions have no such header: there it is a GOAWAY frame, after which streams that began run to their end.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            // When the response starts, so that an error page that clears the headers does not clear this one.
            context.Response.OnStarting(
                static state =>
                {
                    // A connection that becomes a WebSocket's says so in this header, and takes no more requests anyway.
                    var response = (HttpResponse)state;
                    if (response.StatusCode != StatusCodes.Status101SwitchingProtocols)
                    {
                        response.Headers.Connection = "close";
                    }

                    return Task.CompletedTask;
                },
                context.Response);
            return;
        }

        // Asking again is nothing: the connection remembers.
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }
}
