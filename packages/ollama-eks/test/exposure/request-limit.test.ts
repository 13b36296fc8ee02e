import { requestLimit } from '../../src/exposure/request-limit';

const { configPatches, priority } = requestLimit(7).spec;

test('it is inserted after the filters of others, whose priority is 0 by default', () => {
  expect(priority).toBeGreaterThan(0);
});

test('the filter has a minimum that equals its maximum, so that it does not adapt', () => {
  const [inserted] = configPatches.filter(({ applyTo }) => applyTo === 'HTTP_FILTER');
  expect(inserted?.patch).toMatchObject({
    operation: 'INSERT_BEFORE',
    value: {
      typed_config: {
        concurrency_limit_exceeded_status: { code: 'TooManyRequests' },
        gradient_controller_config: {
          concurrency_limit_params: { max_concurrency_limit: 7 },
          min_rtt_calc_params: { min_concurrency: 7 },
        },
      },
    },
  });
});

test('routes for lists and health are exempt by the name of the filter', () => {
  const routes = configPatches.flatMap((one) =>
    one.applyTo === 'HTTP_ROUTE' ? [[one.match.routeConfiguration.vhost.route.name, one.patch.value]] : [],
  );
  const [inserted] = configPatches.filter(({ applyTo }) => applyTo === 'HTTP_FILTER');
  const exempt = {
    typed_per_filter_config: {
      [String(inserted?.patch.value['name'])]: {
        '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig',
        disabled: true,
      },
    },
  };
  expect(routes).toEqual(['read', 'models-head', 'health'].map((name) => [name, exempt]));
});
