using System.Net.Http.Headers;

namespace Mesh.Client.Pipeline;

/// <summary>A second request like the first, for an attempt beside it: a transport may write into the one that it sends.</summary>
internal static class RequestCopy
{
    private const int MaxTries = 100;

    /// <summary>Copies a request that is to be changed before it is sent.</summary>
    /// <param name="request">The request. Where another thread writes into it at this moment, the moment is waited for.</param>
    /// <param name="service">The service that is called.</param>
    /// <exception cref="HttpRequestException">Somebody writes into it all the time: sent as it is, it would not be what its route makes of it.</exception>
    public static HttpRequestMessage Make(HttpRequestMessage request, string service)
    {
        for (int i = 0; i < MaxTries; i++)
        {
            if (TryMake(request) is { } copy)
            {
                return copy;
            }

            Thread.Yield();
        }

        string message = $"Service \"{service}\": the {request.Method} request to {request.RequestUri!.AbsolutePath} could not be changed as its route says, because another thread goes on writing into its headers or options; it was not sent. Give each call a request of its own.";
        throw new HttpRequestException(message, new InvalidOperationException(message));
    }

    /// <summary>Copies a request. The content is shared: it is one that can be sent more than once.</summary>
    /// <param name="request">The request, which a transport may be sending.</param>
    /// <param name="withOptions">Whether what the client's own handlers put there goes along: not into a request that outlives the call.</param>
    /// <returns>The copy; <see langword="null"/> where the transport wrote into its headers at this moment.</returns>
    public static HttpRequestMessage? TryMake(HttpRequestMessage request, bool withOptions = true)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy, Content = request.Content };
        try
        {
            foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
            {
                if (values.Count == 1)
                {
                    copy.Headers.TryAddWithoutValidation(name, values.ToString());
                }
                else
                {
                    copy.Headers.TryAddWithoutValidation(name, values);
                }
            }

            foreach ((string key, object? value) in withOptions ? request.Options : [])
            {
                ((IDictionary<string, object?>)copy.Options)[key] = value;
            }
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or NullReferenceException or IndexOutOfRangeException)
        {
            // A dictionary that somebody writes into meanwhile says so as a rule, and else shows an entry without a key.
            return null;
        }

        return copy;
    }
}
