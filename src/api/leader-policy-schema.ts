/* eslint-disable -- code of ajv */
// @ts-nocheck
/** The validation of spec against the schema of the CRD, by ajv. Generated from crds/leaderpolicies.yaml by scripts/generate.ts: do not edit. */
import type { SchemaValidation } from './leader-policy-validator.ts';
const schema11 = {
  type: 'object',
  required: ['serviceRef'],
  properties: {
    serviceRef: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 63, pattern: '^[a-z0-9]+(-+[a-z0-9]+)*$' },
      },
    },
    leaderService: {
      type: 'object',
      default: {},
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 63, pattern: '^[a-z][a-z0-9]*(-+[a-z0-9]+)*$' },
        type: { type: 'string', enum: ['ClusterIP', 'Headless'], default: 'ClusterIP' },
        labels: {
          type: 'object',
          maxProperties: 32,
          additionalProperties: {
            type: 'string',
            maxLength: 63,
            pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
          },
        },
        annotations: {
          type: 'object',
          maxProperties: 16,
          additionalProperties: { type: 'string', maxLength: 2048 },
        },
      },
    },
    ports: {
      type: 'array',
      minItems: 1,
      maxItems: 32,
      items: {
        type: 'object',
        required: ['port'],
        properties: {
          name: { type: 'string', maxLength: 63, pattern: '^([a-z0-9]+(-+[a-z0-9]+)*)?$', default: '' },
          port: { type: 'integer', format: 'int32', minimum: 1, maximum: 65535 },
          targetPort: {
            type: ['integer', 'string'],
            minimum: 1,
            maximum: 65535,
            maxLength: 15,
            pattern: '^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$',
          },
          protocol: { type: 'string', enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' },
          appProtocol: {
            type: 'string',
            minLength: 1,
            maxLength: 253,
            pattern: '^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
          },
        },
      },
    },
    selection: {
      type: 'object',
      default: { strategy: 'OldestReady' },
      properties: {
        strategy: {
          type: 'string',
          enum: ['OldestReady', 'Ordinal', 'Priority', 'FollowLabel'],
          default: 'OldestReady',
        },
        sticky: { type: 'boolean', default: true },
        minReadySeconds: { type: 'integer', format: 'int32', minimum: 0, maximum: 86400, default: 0 },
        priority: {
          type: 'object',
          properties: {
            annotation: {
              type: 'string',
              minLength: 1,
              maxLength: 253,
              pattern: '^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
              default: 'zen-lead.io/priority',
            },
          },
        },
        followLabel: {
          type: 'object',
          required: ['matchLabels'],
          properties: {
            matchLabels: {
              type: 'object',
              minProperties: 1,
              maxProperties: 32,
              additionalProperties: {
                type: 'string',
                maxLength: 63,
                pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
              },
            },
          },
        },
        preferences: {
          type: 'array',
          maxItems: 32,
          items: {
            type: 'object',
            required: ['weight'],
            properties: {
              weight: { type: 'integer', format: 'int32', minimum: 1, maximum: 100 },
              podSelector: {
                type: 'object',
                required: ['matchLabels'],
                properties: {
                  matchLabels: {
                    type: 'object',
                    maxProperties: 32,
                    additionalProperties: {
                      type: 'string',
                      maxLength: 63,
                      pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
                    },
                  },
                },
              },
              zones: {
                type: 'array',
                maxItems: 32,
                items: {
                  type: 'string',
                  minLength: 1,
                  maxLength: 63,
                  pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
                },
              },
            },
          },
        },
        exclude: {
          type: 'object',
          required: ['matchLabels'],
          properties: {
            matchLabels: {
              type: 'object',
              minProperties: 1,
              maxProperties: 32,
              additionalProperties: {
                type: 'string',
                maxLength: 63,
                pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
              },
            },
          },
        },
      },
    },
    failover: {
      type: 'object',
      default: {},
      properties: {
        gracePeriodSeconds: { type: 'integer', format: 'int32', minimum: 0, maximum: 86400, default: 0 },
        failbackDelaySeconds: { type: 'integer', format: 'int32', minimum: 0, maximum: 86400, default: 0 },
        mode: { type: 'string', enum: ['Automatic', 'Manual'], default: 'Automatic' },
        handoverGapSeconds: { type: 'integer', format: 'int32', minimum: 0, maximum: 86400, default: 0 },
      },
    },
    paused: { type: 'boolean', default: false },
    switchover: {
      type: 'object',
      required: ['podName', 'requestId'],
      properties: {
        podName: { type: 'string', minLength: 1, maxLength: 253, pattern: '^[a-z0-9]+((-+|[.])[a-z0-9]+)*$' },
        requestId: { type: 'string', minLength: 1, maxLength: 63, pattern: '^[-A-Za-z0-9_.:+]+$' },
      },
    },
    historyLimit: { type: 'integer', format: 'int32', minimum: 0, maximum: 100, default: 10 },
  },
};
const func2 = (text) => [...text].length;
const pattern0 = new RegExp('^[a-z0-9]+(-+[a-z0-9]+)*$', 'u');
const pattern1 = new RegExp('^[a-z][a-z0-9]*(-+[a-z0-9]+)*$', 'u');
const pattern2 = new RegExp('^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$', 'u');
const pattern3 = new RegExp('^([a-z0-9]+(-+[a-z0-9]+)*)?$', 'u');
const pattern4 = new RegExp('^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$', 'u');
const pattern5 = new RegExp(
  '^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
  'u',
);
const pattern11 = new RegExp('^[a-z0-9]+((-+|[.])[a-z0-9]+)*$', 'u');
const pattern12 = new RegExp('^[-A-Za-z0-9_.:+]+$', 'u');
function validate10(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.leaderService === undefined) {
      data.leaderService = {};
    }
    if (data.selection === undefined) {
      data.selection = { strategy: 'OldestReady' };
    }
    if (data.failover === undefined) {
      data.failover = {};
    }
    if (data.paused === undefined) {
      data.paused = false;
    }
    if (data.historyLimit === undefined) {
      data.historyLimit = 10;
    }
    if (data.serviceRef === undefined) {
      const err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'serviceRef' },
      };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.serviceRef !== undefined) {
      let data0 = data.serviceRef;
      if (data0 && typeof data0 == 'object' && !Array.isArray(data0)) {
        if (data0.name === undefined) {
          const err1 = {
            instancePath: instancePath + '/serviceRef',
            schemaPath: '#/properties/serviceRef/required',
            keyword: 'required',
            params: { missingProperty: 'name' },
          };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
        if (data0.name !== undefined) {
          let data1 = data0.name;
          if (typeof data1 === 'string') {
            if (func2(data1) > 63) {
              const err2 = {
                instancePath: instancePath + '/serviceRef/name',
                schemaPath: '#/properties/serviceRef/properties/name/maxLength',
                keyword: 'maxLength',
                params: { limit: 63 },
              };
              if (vErrors === null) {
                vErrors = [err2];
              } else {
                vErrors.push(err2);
              }
              errors++;
            }
            if (func2(data1) < 1) {
              const err3 = {
                instancePath: instancePath + '/serviceRef/name',
                schemaPath: '#/properties/serviceRef/properties/name/minLength',
                keyword: 'minLength',
                params: { limit: 1 },
              };
              if (vErrors === null) {
                vErrors = [err3];
              } else {
                vErrors.push(err3);
              }
              errors++;
            }
            if (!pattern0.test(data1)) {
              const err4 = {
                instancePath: instancePath + '/serviceRef/name',
                schemaPath: '#/properties/serviceRef/properties/name/pattern',
                keyword: 'pattern',
                params: { pattern: '^[a-z0-9]+(-+[a-z0-9]+)*$' },
              };
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
            }
          } else {
            const err5 = {
              instancePath: instancePath + '/serviceRef/name',
              schemaPath: '#/properties/serviceRef/properties/name/type',
              keyword: 'type',
              params: { type: 'string' },
            };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
      } else {
        const err6 = {
          instancePath: instancePath + '/serviceRef',
          schemaPath: '#/properties/serviceRef/type',
          keyword: 'type',
          params: { type: 'object' },
        };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    let data2 = data.leaderService;
    if (data2 && typeof data2 == 'object' && !Array.isArray(data2)) {
      if (data2.type === undefined) {
        data2.type = 'ClusterIP';
      }
      if (data2.name !== undefined) {
        let data3 = data2.name;
        if (typeof data3 === 'string') {
          if (func2(data3) > 63) {
            const err7 = {
              instancePath: instancePath + '/leaderService/name',
              schemaPath: '#/properties/leaderService/properties/name/maxLength',
              keyword: 'maxLength',
              params: { limit: 63 },
            };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
          if (func2(data3) < 1) {
            const err8 = {
              instancePath: instancePath + '/leaderService/name',
              schemaPath: '#/properties/leaderService/properties/name/minLength',
              keyword: 'minLength',
              params: { limit: 1 },
            };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          }
          if (!pattern1.test(data3)) {
            const err9 = {
              instancePath: instancePath + '/leaderService/name',
              schemaPath: '#/properties/leaderService/properties/name/pattern',
              keyword: 'pattern',
              params: { pattern: '^[a-z][a-z0-9]*(-+[a-z0-9]+)*$' },
            };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        } else {
          const err10 = {
            instancePath: instancePath + '/leaderService/name',
            schemaPath: '#/properties/leaderService/properties/name/type',
            keyword: 'type',
            params: { type: 'string' },
          };
          if (vErrors === null) {
            vErrors = [err10];
          } else {
            vErrors.push(err10);
          }
          errors++;
        }
      }
      let data4 = data2.type;
      if (typeof data4 !== 'string') {
        const err11 = {
          instancePath: instancePath + '/leaderService/type',
          schemaPath: '#/properties/leaderService/properties/type/type',
          keyword: 'type',
          params: { type: 'string' },
        };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
      if (!(data4 === 'ClusterIP' || data4 === 'Headless')) {
        const err12 = {
          instancePath: instancePath + '/leaderService/type',
          schemaPath: '#/properties/leaderService/properties/type/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.leaderService.properties.type.enum },
        };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
      if (data2.labels !== undefined) {
        let data5 = data2.labels;
        if (data5 && typeof data5 == 'object' && !Array.isArray(data5)) {
          if (Object.keys(data5).length > 32) {
            const err13 = {
              instancePath: instancePath + '/leaderService/labels',
              schemaPath: '#/properties/leaderService/properties/labels/maxProperties',
              keyword: 'maxProperties',
              params: { limit: 32 },
            };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
          for (const key0 in data5) {
            let data6 = data5[key0];
            if (typeof data6 === 'string') {
              if (func2(data6) > 63) {
                const err14 = {
                  instancePath:
                    instancePath + '/leaderService/labels/' + key0.replace(/~/g, '~0').replace(/\//g, '~1'),
                  schemaPath: '#/properties/leaderService/properties/labels/additionalProperties/maxLength',
                  keyword: 'maxLength',
                  params: { limit: 63 },
                };
                if (vErrors === null) {
                  vErrors = [err14];
                } else {
                  vErrors.push(err14);
                }
                errors++;
              }
              if (!pattern2.test(data6)) {
                const err15 = {
                  instancePath:
                    instancePath + '/leaderService/labels/' + key0.replace(/~/g, '~0').replace(/\//g, '~1'),
                  schemaPath: '#/properties/leaderService/properties/labels/additionalProperties/pattern',
                  keyword: 'pattern',
                  params: { pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$' },
                };
                if (vErrors === null) {
                  vErrors = [err15];
                } else {
                  vErrors.push(err15);
                }
                errors++;
              }
            } else {
              const err16 = {
                instancePath:
                  instancePath + '/leaderService/labels/' + key0.replace(/~/g, '~0').replace(/\//g, '~1'),
                schemaPath: '#/properties/leaderService/properties/labels/additionalProperties/type',
                keyword: 'type',
                params: { type: 'string' },
              };
              if (vErrors === null) {
                vErrors = [err16];
              } else {
                vErrors.push(err16);
              }
              errors++;
            }
          }
        } else {
          const err17 = {
            instancePath: instancePath + '/leaderService/labels',
            schemaPath: '#/properties/leaderService/properties/labels/type',
            keyword: 'type',
            params: { type: 'object' },
          };
          if (vErrors === null) {
            vErrors = [err17];
          } else {
            vErrors.push(err17);
          }
          errors++;
        }
      }
      if (data2.annotations !== undefined) {
        let data7 = data2.annotations;
        if (data7 && typeof data7 == 'object' && !Array.isArray(data7)) {
          if (Object.keys(data7).length > 16) {
            const err18 = {
              instancePath: instancePath + '/leaderService/annotations',
              schemaPath: '#/properties/leaderService/properties/annotations/maxProperties',
              keyword: 'maxProperties',
              params: { limit: 16 },
            };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
          for (const key1 in data7) {
            let data8 = data7[key1];
            if (typeof data8 === 'string') {
              if (func2(data8) > 2048) {
                const err19 = {
                  instancePath:
                    instancePath +
                    '/leaderService/annotations/' +
                    key1.replace(/~/g, '~0').replace(/\//g, '~1'),
                  schemaPath:
                    '#/properties/leaderService/properties/annotations/additionalProperties/maxLength',
                  keyword: 'maxLength',
                  params: { limit: 2048 },
                };
                if (vErrors === null) {
                  vErrors = [err19];
                } else {
                  vErrors.push(err19);
                }
                errors++;
              }
            } else {
              const err20 = {
                instancePath:
                  instancePath +
                  '/leaderService/annotations/' +
                  key1.replace(/~/g, '~0').replace(/\//g, '~1'),
                schemaPath: '#/properties/leaderService/properties/annotations/additionalProperties/type',
                keyword: 'type',
                params: { type: 'string' },
              };
              if (vErrors === null) {
                vErrors = [err20];
              } else {
                vErrors.push(err20);
              }
              errors++;
            }
          }
        } else {
          const err21 = {
            instancePath: instancePath + '/leaderService/annotations',
            schemaPath: '#/properties/leaderService/properties/annotations/type',
            keyword: 'type',
            params: { type: 'object' },
          };
          if (vErrors === null) {
            vErrors = [err21];
          } else {
            vErrors.push(err21);
          }
          errors++;
        }
      }
    } else {
      const err22 = {
        instancePath: instancePath + '/leaderService',
        schemaPath: '#/properties/leaderService/type',
        keyword: 'type',
        params: { type: 'object' },
      };
      if (vErrors === null) {
        vErrors = [err22];
      } else {
        vErrors.push(err22);
      }
      errors++;
    }
    if (data.ports !== undefined) {
      let data9 = data.ports;
      if (Array.isArray(data9)) {
        if (data9.length > 32) {
          const err23 = {
            instancePath: instancePath + '/ports',
            schemaPath: '#/properties/ports/maxItems',
            keyword: 'maxItems',
            params: { limit: 32 },
          };
          if (vErrors === null) {
            vErrors = [err23];
          } else {
            vErrors.push(err23);
          }
          errors++;
        }
        if (data9.length < 1) {
          const err24 = {
            instancePath: instancePath + '/ports',
            schemaPath: '#/properties/ports/minItems',
            keyword: 'minItems',
            params: { limit: 1 },
          };
          if (vErrors === null) {
            vErrors = [err24];
          } else {
            vErrors.push(err24);
          }
          errors++;
        }
        const len0 = data9.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data10 = data9[i0];
          if (data10 && typeof data10 == 'object' && !Array.isArray(data10)) {
            if (data10.name === undefined) {
              data10.name = '';
            }
            if (data10.protocol === undefined) {
              data10.protocol = 'TCP';
            }
            if (data10.port === undefined) {
              const err25 = {
                instancePath: instancePath + '/ports/' + i0,
                schemaPath: '#/properties/ports/items/required',
                keyword: 'required',
                params: { missingProperty: 'port' },
              };
              if (vErrors === null) {
                vErrors = [err25];
              } else {
                vErrors.push(err25);
              }
              errors++;
            }
            let data11 = data10.name;
            if (typeof data11 === 'string') {
              if (func2(data11) > 63) {
                const err26 = {
                  instancePath: instancePath + '/ports/' + i0 + '/name',
                  schemaPath: '#/properties/ports/items/properties/name/maxLength',
                  keyword: 'maxLength',
                  params: { limit: 63 },
                };
                if (vErrors === null) {
                  vErrors = [err26];
                } else {
                  vErrors.push(err26);
                }
                errors++;
              }
              if (!pattern3.test(data11)) {
                const err27 = {
                  instancePath: instancePath + '/ports/' + i0 + '/name',
                  schemaPath: '#/properties/ports/items/properties/name/pattern',
                  keyword: 'pattern',
                  params: { pattern: '^([a-z0-9]+(-+[a-z0-9]+)*)?$' },
                };
                if (vErrors === null) {
                  vErrors = [err27];
                } else {
                  vErrors.push(err27);
                }
                errors++;
              }
            } else {
              const err28 = {
                instancePath: instancePath + '/ports/' + i0 + '/name',
                schemaPath: '#/properties/ports/items/properties/name/type',
                keyword: 'type',
                params: { type: 'string' },
              };
              if (vErrors === null) {
                vErrors = [err28];
              } else {
                vErrors.push(err28);
              }
              errors++;
            }
            if (data10.port !== undefined) {
              let data12 = data10.port;
              if (!(typeof data12 == 'number' && !(data12 % 1) && !isNaN(data12) && isFinite(data12))) {
                const err29 = {
                  instancePath: instancePath + '/ports/' + i0 + '/port',
                  schemaPath: '#/properties/ports/items/properties/port/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                };
                if (vErrors === null) {
                  vErrors = [err29];
                } else {
                  vErrors.push(err29);
                }
                errors++;
              }
              if (typeof data12 == 'number' && isFinite(data12)) {
                if (data12 > 65535 || isNaN(data12)) {
                  const err30 = {
                    instancePath: instancePath + '/ports/' + i0 + '/port',
                    schemaPath: '#/properties/ports/items/properties/port/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 65535 },
                  };
                  if (vErrors === null) {
                    vErrors = [err30];
                  } else {
                    vErrors.push(err30);
                  }
                  errors++;
                }
                if (data12 < 1 || isNaN(data12)) {
                  const err31 = {
                    instancePath: instancePath + '/ports/' + i0 + '/port',
                    schemaPath: '#/properties/ports/items/properties/port/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 1 },
                  };
                  if (vErrors === null) {
                    vErrors = [err31];
                  } else {
                    vErrors.push(err31);
                  }
                  errors++;
                }
              }
            }
            if (data10.targetPort !== undefined) {
              let data13 = data10.targetPort;
              if (
                !(typeof data13 == 'number' && !(data13 % 1) && !isNaN(data13) && isFinite(data13)) &&
                typeof data13 !== 'string'
              ) {
                const err32 = {
                  instancePath: instancePath + '/ports/' + i0 + '/targetPort',
                  schemaPath: '#/properties/ports/items/properties/targetPort/type',
                  keyword: 'type',
                  params: { type: schema11.properties.ports.items.properties.targetPort.type },
                };
                if (vErrors === null) {
                  vErrors = [err32];
                } else {
                  vErrors.push(err32);
                }
                errors++;
              }
              if (typeof data13 == 'number' && isFinite(data13)) {
                if (data13 > 65535 || isNaN(data13)) {
                  const err33 = {
                    instancePath: instancePath + '/ports/' + i0 + '/targetPort',
                    schemaPath: '#/properties/ports/items/properties/targetPort/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 65535 },
                  };
                  if (vErrors === null) {
                    vErrors = [err33];
                  } else {
                    vErrors.push(err33);
                  }
                  errors++;
                }
                if (data13 < 1 || isNaN(data13)) {
                  const err34 = {
                    instancePath: instancePath + '/ports/' + i0 + '/targetPort',
                    schemaPath: '#/properties/ports/items/properties/targetPort/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 1 },
                  };
                  if (vErrors === null) {
                    vErrors = [err34];
                  } else {
                    vErrors.push(err34);
                  }
                  errors++;
                }
              }
              if (typeof data13 === 'string') {
                if (func2(data13) > 15) {
                  const err35 = {
                    instancePath: instancePath + '/ports/' + i0 + '/targetPort',
                    schemaPath: '#/properties/ports/items/properties/targetPort/maxLength',
                    keyword: 'maxLength',
                    params: { limit: 15 },
                  };
                  if (vErrors === null) {
                    vErrors = [err35];
                  } else {
                    vErrors.push(err35);
                  }
                  errors++;
                }
                if (!pattern4.test(data13)) {
                  const err36 = {
                    instancePath: instancePath + '/ports/' + i0 + '/targetPort',
                    schemaPath: '#/properties/ports/items/properties/targetPort/pattern',
                    keyword: 'pattern',
                    params: { pattern: '^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$' },
                  };
                  if (vErrors === null) {
                    vErrors = [err36];
                  } else {
                    vErrors.push(err36);
                  }
                  errors++;
                }
              }
            }
            let data14 = data10.protocol;
            if (typeof data14 !== 'string') {
              const err37 = {
                instancePath: instancePath + '/ports/' + i0 + '/protocol',
                schemaPath: '#/properties/ports/items/properties/protocol/type',
                keyword: 'type',
                params: { type: 'string' },
              };
              if (vErrors === null) {
                vErrors = [err37];
              } else {
                vErrors.push(err37);
              }
              errors++;
            }
            if (!(data14 === 'TCP' || data14 === 'UDP' || data14 === 'SCTP')) {
              const err38 = {
                instancePath: instancePath + '/ports/' + i0 + '/protocol',
                schemaPath: '#/properties/ports/items/properties/protocol/enum',
                keyword: 'enum',
                params: { allowedValues: schema11.properties.ports.items.properties.protocol.enum },
              };
              if (vErrors === null) {
                vErrors = [err38];
              } else {
                vErrors.push(err38);
              }
              errors++;
            }
            if (data10.appProtocol !== undefined) {
              let data15 = data10.appProtocol;
              if (typeof data15 === 'string') {
                if (func2(data15) > 253) {
                  const err39 = {
                    instancePath: instancePath + '/ports/' + i0 + '/appProtocol',
                    schemaPath: '#/properties/ports/items/properties/appProtocol/maxLength',
                    keyword: 'maxLength',
                    params: { limit: 253 },
                  };
                  if (vErrors === null) {
                    vErrors = [err39];
                  } else {
                    vErrors.push(err39);
                  }
                  errors++;
                }
                if (func2(data15) < 1) {
                  const err40 = {
                    instancePath: instancePath + '/ports/' + i0 + '/appProtocol',
                    schemaPath: '#/properties/ports/items/properties/appProtocol/minLength',
                    keyword: 'minLength',
                    params: { limit: 1 },
                  };
                  if (vErrors === null) {
                    vErrors = [err40];
                  } else {
                    vErrors.push(err40);
                  }
                  errors++;
                }
                if (!pattern5.test(data15)) {
                  const err41 = {
                    instancePath: instancePath + '/ports/' + i0 + '/appProtocol',
                    schemaPath: '#/properties/ports/items/properties/appProtocol/pattern',
                    keyword: 'pattern',
                    params: {
                      pattern:
                        '^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
                    },
                  };
                  if (vErrors === null) {
                    vErrors = [err41];
                  } else {
                    vErrors.push(err41);
                  }
                  errors++;
                }
              } else {
                const err42 = {
                  instancePath: instancePath + '/ports/' + i0 + '/appProtocol',
                  schemaPath: '#/properties/ports/items/properties/appProtocol/type',
                  keyword: 'type',
                  params: { type: 'string' },
                };
                if (vErrors === null) {
                  vErrors = [err42];
                } else {
                  vErrors.push(err42);
                }
                errors++;
              }
            }
          } else {
            const err43 = {
              instancePath: instancePath + '/ports/' + i0,
              schemaPath: '#/properties/ports/items/type',
              keyword: 'type',
              params: { type: 'object' },
            };
            if (vErrors === null) {
              vErrors = [err43];
            } else {
              vErrors.push(err43);
            }
            errors++;
          }
        }
      } else {
        const err44 = {
          instancePath: instancePath + '/ports',
          schemaPath: '#/properties/ports/type',
          keyword: 'type',
          params: { type: 'array' },
        };
        if (vErrors === null) {
          vErrors = [err44];
        } else {
          vErrors.push(err44);
        }
        errors++;
      }
    }
    let data16 = data.selection;
    if (data16 && typeof data16 == 'object' && !Array.isArray(data16)) {
      if (data16.strategy === undefined) {
        data16.strategy = 'OldestReady';
      }
      if (data16.sticky === undefined) {
        data16.sticky = true;
      }
      if (data16.minReadySeconds === undefined) {
        data16.minReadySeconds = 0;
      }
      let data17 = data16.strategy;
      if (typeof data17 !== 'string') {
        const err45 = {
          instancePath: instancePath + '/selection/strategy',
          schemaPath: '#/properties/selection/properties/strategy/type',
          keyword: 'type',
          params: { type: 'string' },
        };
        if (vErrors === null) {
          vErrors = [err45];
        } else {
          vErrors.push(err45);
        }
        errors++;
      }
      if (!(
        data17 === 'OldestReady' ||
        data17 === 'Ordinal' ||
        data17 === 'Priority' ||
        data17 === 'FollowLabel'
      )) {
        const err46 = {
          instancePath: instancePath + '/selection/strategy',
          schemaPath: '#/properties/selection/properties/strategy/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.selection.properties.strategy.enum },
        };
        if (vErrors === null) {
          vErrors = [err46];
        } else {
          vErrors.push(err46);
        }
        errors++;
      }
      if (typeof data16.sticky !== 'boolean') {
        const err47 = {
          instancePath: instancePath + '/selection/sticky',
          schemaPath: '#/properties/selection/properties/sticky/type',
          keyword: 'type',
          params: { type: 'boolean' },
        };
        if (vErrors === null) {
          vErrors = [err47];
        } else {
          vErrors.push(err47);
        }
        errors++;
      }
      let data19 = data16.minReadySeconds;
      if (!(typeof data19 == 'number' && !(data19 % 1) && !isNaN(data19) && isFinite(data19))) {
        const err48 = {
          instancePath: instancePath + '/selection/minReadySeconds',
          schemaPath: '#/properties/selection/properties/minReadySeconds/type',
          keyword: 'type',
          params: { type: 'integer' },
        };
        if (vErrors === null) {
          vErrors = [err48];
        } else {
          vErrors.push(err48);
        }
        errors++;
      }
      if (typeof data19 == 'number' && isFinite(data19)) {
        if (data19 > 86400 || isNaN(data19)) {
          const err49 = {
            instancePath: instancePath + '/selection/minReadySeconds',
            schemaPath: '#/properties/selection/properties/minReadySeconds/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 86400 },
          };
          if (vErrors === null) {
            vErrors = [err49];
          } else {
            vErrors.push(err49);
          }
          errors++;
        }
        if (data19 < 0 || isNaN(data19)) {
          const err50 = {
            instancePath: instancePath + '/selection/minReadySeconds',
            schemaPath: '#/properties/selection/properties/minReadySeconds/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
          };
          if (vErrors === null) {
            vErrors = [err50];
          } else {
            vErrors.push(err50);
          }
          errors++;
        }
      }
      if (data16.priority !== undefined) {
        let data20 = data16.priority;
        if (data20 && typeof data20 == 'object' && !Array.isArray(data20)) {
          if (data20.annotation === undefined) {
            data20.annotation = 'zen-lead.io/priority';
          }
          let data21 = data20.annotation;
          if (typeof data21 === 'string') {
            if (func2(data21) > 253) {
              const err51 = {
                instancePath: instancePath + '/selection/priority/annotation',
                schemaPath: '#/properties/selection/properties/priority/properties/annotation/maxLength',
                keyword: 'maxLength',
                params: { limit: 253 },
              };
              if (vErrors === null) {
                vErrors = [err51];
              } else {
                vErrors.push(err51);
              }
              errors++;
            }
            if (func2(data21) < 1) {
              const err52 = {
                instancePath: instancePath + '/selection/priority/annotation',
                schemaPath: '#/properties/selection/properties/priority/properties/annotation/minLength',
                keyword: 'minLength',
                params: { limit: 1 },
              };
              if (vErrors === null) {
                vErrors = [err52];
              } else {
                vErrors.push(err52);
              }
              errors++;
            }
            if (!pattern5.test(data21)) {
              const err53 = {
                instancePath: instancePath + '/selection/priority/annotation',
                schemaPath: '#/properties/selection/properties/priority/properties/annotation/pattern',
                keyword: 'pattern',
                params: {
                  pattern: '^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
                },
              };
              if (vErrors === null) {
                vErrors = [err53];
              } else {
                vErrors.push(err53);
              }
              errors++;
            }
          } else {
            const err54 = {
              instancePath: instancePath + '/selection/priority/annotation',
              schemaPath: '#/properties/selection/properties/priority/properties/annotation/type',
              keyword: 'type',
              params: { type: 'string' },
            };
            if (vErrors === null) {
              vErrors = [err54];
            } else {
              vErrors.push(err54);
            }
            errors++;
          }
        } else {
          const err55 = {
            instancePath: instancePath + '/selection/priority',
            schemaPath: '#/properties/selection/properties/priority/type',
            keyword: 'type',
            params: { type: 'object' },
          };
          if (vErrors === null) {
            vErrors = [err55];
          } else {
            vErrors.push(err55);
          }
          errors++;
        }
      }
      if (data16.followLabel !== undefined) {
        let data22 = data16.followLabel;
        if (data22 && typeof data22 == 'object' && !Array.isArray(data22)) {
          if (data22.matchLabels === undefined) {
            const err56 = {
              instancePath: instancePath + '/selection/followLabel',
              schemaPath: '#/properties/selection/properties/followLabel/required',
              keyword: 'required',
              params: { missingProperty: 'matchLabels' },
            };
            if (vErrors === null) {
              vErrors = [err56];
            } else {
              vErrors.push(err56);
            }
            errors++;
          }
          if (data22.matchLabels !== undefined) {
            let data23 = data22.matchLabels;
            if (data23 && typeof data23 == 'object' && !Array.isArray(data23)) {
              if (Object.keys(data23).length > 32) {
                const err57 = {
                  instancePath: instancePath + '/selection/followLabel/matchLabels',
                  schemaPath:
                    '#/properties/selection/properties/followLabel/properties/matchLabels/maxProperties',
                  keyword: 'maxProperties',
                  params: { limit: 32 },
                };
                if (vErrors === null) {
                  vErrors = [err57];
                } else {
                  vErrors.push(err57);
                }
                errors++;
              }
              if (Object.keys(data23).length < 1) {
                const err58 = {
                  instancePath: instancePath + '/selection/followLabel/matchLabels',
                  schemaPath:
                    '#/properties/selection/properties/followLabel/properties/matchLabels/minProperties',
                  keyword: 'minProperties',
                  params: { limit: 1 },
                };
                if (vErrors === null) {
                  vErrors = [err58];
                } else {
                  vErrors.push(err58);
                }
                errors++;
              }
              for (const key2 in data23) {
                let data24 = data23[key2];
                if (typeof data24 === 'string') {
                  if (func2(data24) > 63) {
                    const err59 = {
                      instancePath:
                        instancePath +
                        '/selection/followLabel/matchLabels/' +
                        key2.replace(/~/g, '~0').replace(/\//g, '~1'),
                      schemaPath:
                        '#/properties/selection/properties/followLabel/properties/matchLabels/additionalProperties/maxLength',
                      keyword: 'maxLength',
                      params: { limit: 63 },
                    };
                    if (vErrors === null) {
                      vErrors = [err59];
                    } else {
                      vErrors.push(err59);
                    }
                    errors++;
                  }
                  if (!pattern2.test(data24)) {
                    const err60 = {
                      instancePath:
                        instancePath +
                        '/selection/followLabel/matchLabels/' +
                        key2.replace(/~/g, '~0').replace(/\//g, '~1'),
                      schemaPath:
                        '#/properties/selection/properties/followLabel/properties/matchLabels/additionalProperties/pattern',
                      keyword: 'pattern',
                      params: { pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$' },
                    };
                    if (vErrors === null) {
                      vErrors = [err60];
                    } else {
                      vErrors.push(err60);
                    }
                    errors++;
                  }
                } else {
                  const err61 = {
                    instancePath:
                      instancePath +
                      '/selection/followLabel/matchLabels/' +
                      key2.replace(/~/g, '~0').replace(/\//g, '~1'),
                    schemaPath:
                      '#/properties/selection/properties/followLabel/properties/matchLabels/additionalProperties/type',
                    keyword: 'type',
                    params: { type: 'string' },
                  };
                  if (vErrors === null) {
                    vErrors = [err61];
                  } else {
                    vErrors.push(err61);
                  }
                  errors++;
                }
              }
            } else {
              const err62 = {
                instancePath: instancePath + '/selection/followLabel/matchLabels',
                schemaPath: '#/properties/selection/properties/followLabel/properties/matchLabels/type',
                keyword: 'type',
                params: { type: 'object' },
              };
              if (vErrors === null) {
                vErrors = [err62];
              } else {
                vErrors.push(err62);
              }
              errors++;
            }
          }
        } else {
          const err63 = {
            instancePath: instancePath + '/selection/followLabel',
            schemaPath: '#/properties/selection/properties/followLabel/type',
            keyword: 'type',
            params: { type: 'object' },
          };
          if (vErrors === null) {
            vErrors = [err63];
          } else {
            vErrors.push(err63);
          }
          errors++;
        }
      }
      if (data16.preferences !== undefined) {
        let data25 = data16.preferences;
        if (Array.isArray(data25)) {
          if (data25.length > 32) {
            const err64 = {
              instancePath: instancePath + '/selection/preferences',
              schemaPath: '#/properties/selection/properties/preferences/maxItems',
              keyword: 'maxItems',
              params: { limit: 32 },
            };
            if (vErrors === null) {
              vErrors = [err64];
            } else {
              vErrors.push(err64);
            }
            errors++;
          }
          const len1 = data25.length;
          for (let i1 = 0; i1 < len1; i1++) {
            let data26 = data25[i1];
            if (data26 && typeof data26 == 'object' && !Array.isArray(data26)) {
              if (data26.weight === undefined) {
                const err65 = {
                  instancePath: instancePath + '/selection/preferences/' + i1,
                  schemaPath: '#/properties/selection/properties/preferences/items/required',
                  keyword: 'required',
                  params: { missingProperty: 'weight' },
                };
                if (vErrors === null) {
                  vErrors = [err65];
                } else {
                  vErrors.push(err65);
                }
                errors++;
              }
              if (data26.weight !== undefined) {
                let data27 = data26.weight;
                if (!(typeof data27 == 'number' && !(data27 % 1) && !isNaN(data27) && isFinite(data27))) {
                  const err66 = {
                    instancePath: instancePath + '/selection/preferences/' + i1 + '/weight',
                    schemaPath: '#/properties/selection/properties/preferences/items/properties/weight/type',
                    keyword: 'type',
                    params: { type: 'integer' },
                  };
                  if (vErrors === null) {
                    vErrors = [err66];
                  } else {
                    vErrors.push(err66);
                  }
                  errors++;
                }
                if (typeof data27 == 'number' && isFinite(data27)) {
                  if (data27 > 100 || isNaN(data27)) {
                    const err67 = {
                      instancePath: instancePath + '/selection/preferences/' + i1 + '/weight',
                      schemaPath:
                        '#/properties/selection/properties/preferences/items/properties/weight/maximum',
                      keyword: 'maximum',
                      params: { comparison: '<=', limit: 100 },
                    };
                    if (vErrors === null) {
                      vErrors = [err67];
                    } else {
                      vErrors.push(err67);
                    }
                    errors++;
                  }
                  if (data27 < 1 || isNaN(data27)) {
                    const err68 = {
                      instancePath: instancePath + '/selection/preferences/' + i1 + '/weight',
                      schemaPath:
                        '#/properties/selection/properties/preferences/items/properties/weight/minimum',
                      keyword: 'minimum',
                      params: { comparison: '>=', limit: 1 },
                    };
                    if (vErrors === null) {
                      vErrors = [err68];
                    } else {
                      vErrors.push(err68);
                    }
                    errors++;
                  }
                }
              }
              if (data26.podSelector !== undefined) {
                let data28 = data26.podSelector;
                if (data28 && typeof data28 == 'object' && !Array.isArray(data28)) {
                  if (data28.matchLabels === undefined) {
                    const err69 = {
                      instancePath: instancePath + '/selection/preferences/' + i1 + '/podSelector',
                      schemaPath:
                        '#/properties/selection/properties/preferences/items/properties/podSelector/required',
                      keyword: 'required',
                      params: { missingProperty: 'matchLabels' },
                    };
                    if (vErrors === null) {
                      vErrors = [err69];
                    } else {
                      vErrors.push(err69);
                    }
                    errors++;
                  }
                  if (data28.matchLabels !== undefined) {
                    let data29 = data28.matchLabels;
                    if (data29 && typeof data29 == 'object' && !Array.isArray(data29)) {
                      if (Object.keys(data29).length > 32) {
                        const err70 = {
                          instancePath:
                            instancePath + '/selection/preferences/' + i1 + '/podSelector/matchLabels',
                          schemaPath:
                            '#/properties/selection/properties/preferences/items/properties/podSelector/properties/matchLabels/maxProperties',
                          keyword: 'maxProperties',
                          params: { limit: 32 },
                        };
                        if (vErrors === null) {
                          vErrors = [err70];
                        } else {
                          vErrors.push(err70);
                        }
                        errors++;
                      }
                      for (const key3 in data29) {
                        let data30 = data29[key3];
                        if (typeof data30 === 'string') {
                          if (func2(data30) > 63) {
                            const err71 = {
                              instancePath:
                                instancePath +
                                '/selection/preferences/' +
                                i1 +
                                '/podSelector/matchLabels/' +
                                key3.replace(/~/g, '~0').replace(/\//g, '~1'),
                              schemaPath:
                                '#/properties/selection/properties/preferences/items/properties/podSelector/properties/matchLabels/additionalProperties/maxLength',
                              keyword: 'maxLength',
                              params: { limit: 63 },
                            };
                            if (vErrors === null) {
                              vErrors = [err71];
                            } else {
                              vErrors.push(err71);
                            }
                            errors++;
                          }
                          if (!pattern2.test(data30)) {
                            const err72 = {
                              instancePath:
                                instancePath +
                                '/selection/preferences/' +
                                i1 +
                                '/podSelector/matchLabels/' +
                                key3.replace(/~/g, '~0').replace(/\//g, '~1'),
                              schemaPath:
                                '#/properties/selection/properties/preferences/items/properties/podSelector/properties/matchLabels/additionalProperties/pattern',
                              keyword: 'pattern',
                              params: { pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$' },
                            };
                            if (vErrors === null) {
                              vErrors = [err72];
                            } else {
                              vErrors.push(err72);
                            }
                            errors++;
                          }
                        } else {
                          const err73 = {
                            instancePath:
                              instancePath +
                              '/selection/preferences/' +
                              i1 +
                              '/podSelector/matchLabels/' +
                              key3.replace(/~/g, '~0').replace(/\//g, '~1'),
                            schemaPath:
                              '#/properties/selection/properties/preferences/items/properties/podSelector/properties/matchLabels/additionalProperties/type',
                            keyword: 'type',
                            params: { type: 'string' },
                          };
                          if (vErrors === null) {
                            vErrors = [err73];
                          } else {
                            vErrors.push(err73);
                          }
                          errors++;
                        }
                      }
                    } else {
                      const err74 = {
                        instancePath:
                          instancePath + '/selection/preferences/' + i1 + '/podSelector/matchLabels',
                        schemaPath:
                          '#/properties/selection/properties/preferences/items/properties/podSelector/properties/matchLabels/type',
                        keyword: 'type',
                        params: { type: 'object' },
                      };
                      if (vErrors === null) {
                        vErrors = [err74];
                      } else {
                        vErrors.push(err74);
                      }
                      errors++;
                    }
                  }
                } else {
                  const err75 = {
                    instancePath: instancePath + '/selection/preferences/' + i1 + '/podSelector',
                    schemaPath:
                      '#/properties/selection/properties/preferences/items/properties/podSelector/type',
                    keyword: 'type',
                    params: { type: 'object' },
                  };
                  if (vErrors === null) {
                    vErrors = [err75];
                  } else {
                    vErrors.push(err75);
                  }
                  errors++;
                }
              }
              if (data26.zones !== undefined) {
                let data31 = data26.zones;
                if (Array.isArray(data31)) {
                  if (data31.length > 32) {
                    const err76 = {
                      instancePath: instancePath + '/selection/preferences/' + i1 + '/zones',
                      schemaPath:
                        '#/properties/selection/properties/preferences/items/properties/zones/maxItems',
                      keyword: 'maxItems',
                      params: { limit: 32 },
                    };
                    if (vErrors === null) {
                      vErrors = [err76];
                    } else {
                      vErrors.push(err76);
                    }
                    errors++;
                  }
                  const len2 = data31.length;
                  for (let i2 = 0; i2 < len2; i2++) {
                    let data32 = data31[i2];
                    if (typeof data32 === 'string') {
                      if (func2(data32) > 63) {
                        const err77 = {
                          instancePath: instancePath + '/selection/preferences/' + i1 + '/zones/' + i2,
                          schemaPath:
                            '#/properties/selection/properties/preferences/items/properties/zones/items/maxLength',
                          keyword: 'maxLength',
                          params: { limit: 63 },
                        };
                        if (vErrors === null) {
                          vErrors = [err77];
                        } else {
                          vErrors.push(err77);
                        }
                        errors++;
                      }
                      if (func2(data32) < 1) {
                        const err78 = {
                          instancePath: instancePath + '/selection/preferences/' + i1 + '/zones/' + i2,
                          schemaPath:
                            '#/properties/selection/properties/preferences/items/properties/zones/items/minLength',
                          keyword: 'minLength',
                          params: { limit: 1 },
                        };
                        if (vErrors === null) {
                          vErrors = [err78];
                        } else {
                          vErrors.push(err78);
                        }
                        errors++;
                      }
                      if (!pattern2.test(data32)) {
                        const err79 = {
                          instancePath: instancePath + '/selection/preferences/' + i1 + '/zones/' + i2,
                          schemaPath:
                            '#/properties/selection/properties/preferences/items/properties/zones/items/pattern',
                          keyword: 'pattern',
                          params: { pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$' },
                        };
                        if (vErrors === null) {
                          vErrors = [err79];
                        } else {
                          vErrors.push(err79);
                        }
                        errors++;
                      }
                    } else {
                      const err80 = {
                        instancePath: instancePath + '/selection/preferences/' + i1 + '/zones/' + i2,
                        schemaPath:
                          '#/properties/selection/properties/preferences/items/properties/zones/items/type',
                        keyword: 'type',
                        params: { type: 'string' },
                      };
                      if (vErrors === null) {
                        vErrors = [err80];
                      } else {
                        vErrors.push(err80);
                      }
                      errors++;
                    }
                  }
                } else {
                  const err81 = {
                    instancePath: instancePath + '/selection/preferences/' + i1 + '/zones',
                    schemaPath: '#/properties/selection/properties/preferences/items/properties/zones/type',
                    keyword: 'type',
                    params: { type: 'array' },
                  };
                  if (vErrors === null) {
                    vErrors = [err81];
                  } else {
                    vErrors.push(err81);
                  }
                  errors++;
                }
              }
            } else {
              const err82 = {
                instancePath: instancePath + '/selection/preferences/' + i1,
                schemaPath: '#/properties/selection/properties/preferences/items/type',
                keyword: 'type',
                params: { type: 'object' },
              };
              if (vErrors === null) {
                vErrors = [err82];
              } else {
                vErrors.push(err82);
              }
              errors++;
            }
          }
        } else {
          const err83 = {
            instancePath: instancePath + '/selection/preferences',
            schemaPath: '#/properties/selection/properties/preferences/type',
            keyword: 'type',
            params: { type: 'array' },
          };
          if (vErrors === null) {
            vErrors = [err83];
          } else {
            vErrors.push(err83);
          }
          errors++;
        }
      }
      if (data16.exclude !== undefined) {
        let data33 = data16.exclude;
        if (data33 && typeof data33 == 'object' && !Array.isArray(data33)) {
          if (data33.matchLabels === undefined) {
            const err84 = {
              instancePath: instancePath + '/selection/exclude',
              schemaPath: '#/properties/selection/properties/exclude/required',
              keyword: 'required',
              params: { missingProperty: 'matchLabels' },
            };
            if (vErrors === null) {
              vErrors = [err84];
            } else {
              vErrors.push(err84);
            }
            errors++;
          }
          if (data33.matchLabels !== undefined) {
            let data34 = data33.matchLabels;
            if (data34 && typeof data34 == 'object' && !Array.isArray(data34)) {
              if (Object.keys(data34).length > 32) {
                const err85 = {
                  instancePath: instancePath + '/selection/exclude/matchLabels',
                  schemaPath:
                    '#/properties/selection/properties/exclude/properties/matchLabels/maxProperties',
                  keyword: 'maxProperties',
                  params: { limit: 32 },
                };
                if (vErrors === null) {
                  vErrors = [err85];
                } else {
                  vErrors.push(err85);
                }
                errors++;
              }
              if (Object.keys(data34).length < 1) {
                const err86 = {
                  instancePath: instancePath + '/selection/exclude/matchLabels',
                  schemaPath:
                    '#/properties/selection/properties/exclude/properties/matchLabels/minProperties',
                  keyword: 'minProperties',
                  params: { limit: 1 },
                };
                if (vErrors === null) {
                  vErrors = [err86];
                } else {
                  vErrors.push(err86);
                }
                errors++;
              }
              for (const key4 in data34) {
                let data35 = data34[key4];
                if (typeof data35 === 'string') {
                  if (func2(data35) > 63) {
                    const err87 = {
                      instancePath:
                        instancePath +
                        '/selection/exclude/matchLabels/' +
                        key4.replace(/~/g, '~0').replace(/\//g, '~1'),
                      schemaPath:
                        '#/properties/selection/properties/exclude/properties/matchLabels/additionalProperties/maxLength',
                      keyword: 'maxLength',
                      params: { limit: 63 },
                    };
                    if (vErrors === null) {
                      vErrors = [err87];
                    } else {
                      vErrors.push(err87);
                    }
                    errors++;
                  }
                  if (!pattern2.test(data35)) {
                    const err88 = {
                      instancePath:
                        instancePath +
                        '/selection/exclude/matchLabels/' +
                        key4.replace(/~/g, '~0').replace(/\//g, '~1'),
                      schemaPath:
                        '#/properties/selection/properties/exclude/properties/matchLabels/additionalProperties/pattern',
                      keyword: 'pattern',
                      params: { pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$' },
                    };
                    if (vErrors === null) {
                      vErrors = [err88];
                    } else {
                      vErrors.push(err88);
                    }
                    errors++;
                  }
                } else {
                  const err89 = {
                    instancePath:
                      instancePath +
                      '/selection/exclude/matchLabels/' +
                      key4.replace(/~/g, '~0').replace(/\//g, '~1'),
                    schemaPath:
                      '#/properties/selection/properties/exclude/properties/matchLabels/additionalProperties/type',
                    keyword: 'type',
                    params: { type: 'string' },
                  };
                  if (vErrors === null) {
                    vErrors = [err89];
                  } else {
                    vErrors.push(err89);
                  }
                  errors++;
                }
              }
            } else {
              const err90 = {
                instancePath: instancePath + '/selection/exclude/matchLabels',
                schemaPath: '#/properties/selection/properties/exclude/properties/matchLabels/type',
                keyword: 'type',
                params: { type: 'object' },
              };
              if (vErrors === null) {
                vErrors = [err90];
              } else {
                vErrors.push(err90);
              }
              errors++;
            }
          }
        } else {
          const err91 = {
            instancePath: instancePath + '/selection/exclude',
            schemaPath: '#/properties/selection/properties/exclude/type',
            keyword: 'type',
            params: { type: 'object' },
          };
          if (vErrors === null) {
            vErrors = [err91];
          } else {
            vErrors.push(err91);
          }
          errors++;
        }
      }
    } else {
      const err92 = {
        instancePath: instancePath + '/selection',
        schemaPath: '#/properties/selection/type',
        keyword: 'type',
        params: { type: 'object' },
      };
      if (vErrors === null) {
        vErrors = [err92];
      } else {
        vErrors.push(err92);
      }
      errors++;
    }
    let data36 = data.failover;
    if (data36 && typeof data36 == 'object' && !Array.isArray(data36)) {
      if (data36.gracePeriodSeconds === undefined) {
        data36.gracePeriodSeconds = 0;
      }
      if (data36.failbackDelaySeconds === undefined) {
        data36.failbackDelaySeconds = 0;
      }
      if (data36.mode === undefined) {
        data36.mode = 'Automatic';
      }
      if (data36.handoverGapSeconds === undefined) {
        data36.handoverGapSeconds = 0;
      }
      let data37 = data36.gracePeriodSeconds;
      if (!(typeof data37 == 'number' && !(data37 % 1) && !isNaN(data37) && isFinite(data37))) {
        const err93 = {
          instancePath: instancePath + '/failover/gracePeriodSeconds',
          schemaPath: '#/properties/failover/properties/gracePeriodSeconds/type',
          keyword: 'type',
          params: { type: 'integer' },
        };
        if (vErrors === null) {
          vErrors = [err93];
        } else {
          vErrors.push(err93);
        }
        errors++;
      }
      if (typeof data37 == 'number' && isFinite(data37)) {
        if (data37 > 86400 || isNaN(data37)) {
          const err94 = {
            instancePath: instancePath + '/failover/gracePeriodSeconds',
            schemaPath: '#/properties/failover/properties/gracePeriodSeconds/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 86400 },
          };
          if (vErrors === null) {
            vErrors = [err94];
          } else {
            vErrors.push(err94);
          }
          errors++;
        }
        if (data37 < 0 || isNaN(data37)) {
          const err95 = {
            instancePath: instancePath + '/failover/gracePeriodSeconds',
            schemaPath: '#/properties/failover/properties/gracePeriodSeconds/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
          };
          if (vErrors === null) {
            vErrors = [err95];
          } else {
            vErrors.push(err95);
          }
          errors++;
        }
      }
      let data38 = data36.failbackDelaySeconds;
      if (!(typeof data38 == 'number' && !(data38 % 1) && !isNaN(data38) && isFinite(data38))) {
        const err96 = {
          instancePath: instancePath + '/failover/failbackDelaySeconds',
          schemaPath: '#/properties/failover/properties/failbackDelaySeconds/type',
          keyword: 'type',
          params: { type: 'integer' },
        };
        if (vErrors === null) {
          vErrors = [err96];
        } else {
          vErrors.push(err96);
        }
        errors++;
      }
      if (typeof data38 == 'number' && isFinite(data38)) {
        if (data38 > 86400 || isNaN(data38)) {
          const err97 = {
            instancePath: instancePath + '/failover/failbackDelaySeconds',
            schemaPath: '#/properties/failover/properties/failbackDelaySeconds/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 86400 },
          };
          if (vErrors === null) {
            vErrors = [err97];
          } else {
            vErrors.push(err97);
          }
          errors++;
        }
        if (data38 < 0 || isNaN(data38)) {
          const err98 = {
            instancePath: instancePath + '/failover/failbackDelaySeconds',
            schemaPath: '#/properties/failover/properties/failbackDelaySeconds/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
          };
          if (vErrors === null) {
            vErrors = [err98];
          } else {
            vErrors.push(err98);
          }
          errors++;
        }
      }
      let data39 = data36.mode;
      if (typeof data39 !== 'string') {
        const err99 = {
          instancePath: instancePath + '/failover/mode',
          schemaPath: '#/properties/failover/properties/mode/type',
          keyword: 'type',
          params: { type: 'string' },
        };
        if (vErrors === null) {
          vErrors = [err99];
        } else {
          vErrors.push(err99);
        }
        errors++;
      }
      if (!(data39 === 'Automatic' || data39 === 'Manual')) {
        const err100 = {
          instancePath: instancePath + '/failover/mode',
          schemaPath: '#/properties/failover/properties/mode/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.failover.properties.mode.enum },
        };
        if (vErrors === null) {
          vErrors = [err100];
        } else {
          vErrors.push(err100);
        }
        errors++;
      }
      let data40 = data36.handoverGapSeconds;
      if (!(typeof data40 == 'number' && !(data40 % 1) && !isNaN(data40) && isFinite(data40))) {
        const err101 = {
          instancePath: instancePath + '/failover/handoverGapSeconds',
          schemaPath: '#/properties/failover/properties/handoverGapSeconds/type',
          keyword: 'type',
          params: { type: 'integer' },
        };
        if (vErrors === null) {
          vErrors = [err101];
        } else {
          vErrors.push(err101);
        }
        errors++;
      }
      if (typeof data40 == 'number' && isFinite(data40)) {
        if (data40 > 86400 || isNaN(data40)) {
          const err102 = {
            instancePath: instancePath + '/failover/handoverGapSeconds',
            schemaPath: '#/properties/failover/properties/handoverGapSeconds/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 86400 },
          };
          if (vErrors === null) {
            vErrors = [err102];
          } else {
            vErrors.push(err102);
          }
          errors++;
        }
        if (data40 < 0 || isNaN(data40)) {
          const err103 = {
            instancePath: instancePath + '/failover/handoverGapSeconds',
            schemaPath: '#/properties/failover/properties/handoverGapSeconds/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
          };
          if (vErrors === null) {
            vErrors = [err103];
          } else {
            vErrors.push(err103);
          }
          errors++;
        }
      }
    } else {
      const err104 = {
        instancePath: instancePath + '/failover',
        schemaPath: '#/properties/failover/type',
        keyword: 'type',
        params: { type: 'object' },
      };
      if (vErrors === null) {
        vErrors = [err104];
      } else {
        vErrors.push(err104);
      }
      errors++;
    }
    if (typeof data.paused !== 'boolean') {
      const err105 = {
        instancePath: instancePath + '/paused',
        schemaPath: '#/properties/paused/type',
        keyword: 'type',
        params: { type: 'boolean' },
      };
      if (vErrors === null) {
        vErrors = [err105];
      } else {
        vErrors.push(err105);
      }
      errors++;
    }
    if (data.switchover !== undefined) {
      let data42 = data.switchover;
      if (data42 && typeof data42 == 'object' && !Array.isArray(data42)) {
        if (data42.podName === undefined) {
          const err106 = {
            instancePath: instancePath + '/switchover',
            schemaPath: '#/properties/switchover/required',
            keyword: 'required',
            params: { missingProperty: 'podName' },
          };
          if (vErrors === null) {
            vErrors = [err106];
          } else {
            vErrors.push(err106);
          }
          errors++;
        }
        if (data42.requestId === undefined) {
          const err107 = {
            instancePath: instancePath + '/switchover',
            schemaPath: '#/properties/switchover/required',
            keyword: 'required',
            params: { missingProperty: 'requestId' },
          };
          if (vErrors === null) {
            vErrors = [err107];
          } else {
            vErrors.push(err107);
          }
          errors++;
        }
        if (data42.podName !== undefined) {
          let data43 = data42.podName;
          if (typeof data43 === 'string') {
            if (func2(data43) > 253) {
              const err108 = {
                instancePath: instancePath + '/switchover/podName',
                schemaPath: '#/properties/switchover/properties/podName/maxLength',
                keyword: 'maxLength',
                params: { limit: 253 },
              };
              if (vErrors === null) {
                vErrors = [err108];
              } else {
                vErrors.push(err108);
              }
              errors++;
            }
            if (func2(data43) < 1) {
              const err109 = {
                instancePath: instancePath + '/switchover/podName',
                schemaPath: '#/properties/switchover/properties/podName/minLength',
                keyword: 'minLength',
                params: { limit: 1 },
              };
              if (vErrors === null) {
                vErrors = [err109];
              } else {
                vErrors.push(err109);
              }
              errors++;
            }
            if (!pattern11.test(data43)) {
              const err110 = {
                instancePath: instancePath + '/switchover/podName',
                schemaPath: '#/properties/switchover/properties/podName/pattern',
                keyword: 'pattern',
                params: { pattern: '^[a-z0-9]+((-+|[.])[a-z0-9]+)*$' },
              };
              if (vErrors === null) {
                vErrors = [err110];
              } else {
                vErrors.push(err110);
              }
              errors++;
            }
          } else {
            const err111 = {
              instancePath: instancePath + '/switchover/podName',
              schemaPath: '#/properties/switchover/properties/podName/type',
              keyword: 'type',
              params: { type: 'string' },
            };
            if (vErrors === null) {
              vErrors = [err111];
            } else {
              vErrors.push(err111);
            }
            errors++;
          }
        }
        if (data42.requestId !== undefined) {
          let data44 = data42.requestId;
          if (typeof data44 === 'string') {
            if (func2(data44) > 63) {
              const err112 = {
                instancePath: instancePath + '/switchover/requestId',
                schemaPath: '#/properties/switchover/properties/requestId/maxLength',
                keyword: 'maxLength',
                params: { limit: 63 },
              };
              if (vErrors === null) {
                vErrors = [err112];
              } else {
                vErrors.push(err112);
              }
              errors++;
            }
            if (func2(data44) < 1) {
              const err113 = {
                instancePath: instancePath + '/switchover/requestId',
                schemaPath: '#/properties/switchover/properties/requestId/minLength',
                keyword: 'minLength',
                params: { limit: 1 },
              };
              if (vErrors === null) {
                vErrors = [err113];
              } else {
                vErrors.push(err113);
              }
              errors++;
            }
            if (!pattern12.test(data44)) {
              const err114 = {
                instancePath: instancePath + '/switchover/requestId',
                schemaPath: '#/properties/switchover/properties/requestId/pattern',
                keyword: 'pattern',
                params: { pattern: '^[-A-Za-z0-9_.:+]+$' },
              };
              if (vErrors === null) {
                vErrors = [err114];
              } else {
                vErrors.push(err114);
              }
              errors++;
            }
          } else {
            const err115 = {
              instancePath: instancePath + '/switchover/requestId',
              schemaPath: '#/properties/switchover/properties/requestId/type',
              keyword: 'type',
              params: { type: 'string' },
            };
            if (vErrors === null) {
              vErrors = [err115];
            } else {
              vErrors.push(err115);
            }
            errors++;
          }
        }
      } else {
        const err116 = {
          instancePath: instancePath + '/switchover',
          schemaPath: '#/properties/switchover/type',
          keyword: 'type',
          params: { type: 'object' },
        };
        if (vErrors === null) {
          vErrors = [err116];
        } else {
          vErrors.push(err116);
        }
        errors++;
      }
    }
    let data45 = data.historyLimit;
    if (!(typeof data45 == 'number' && !(data45 % 1) && !isNaN(data45) && isFinite(data45))) {
      const err117 = {
        instancePath: instancePath + '/historyLimit',
        schemaPath: '#/properties/historyLimit/type',
        keyword: 'type',
        params: { type: 'integer' },
      };
      if (vErrors === null) {
        vErrors = [err117];
      } else {
        vErrors.push(err117);
      }
      errors++;
    }
    if (typeof data45 == 'number' && isFinite(data45)) {
      if (data45 > 100 || isNaN(data45)) {
        const err118 = {
          instancePath: instancePath + '/historyLimit',
          schemaPath: '#/properties/historyLimit/maximum',
          keyword: 'maximum',
          params: { comparison: '<=', limit: 100 },
        };
        if (vErrors === null) {
          vErrors = [err118];
        } else {
          vErrors.push(err118);
        }
        errors++;
      }
      if (data45 < 0 || isNaN(data45)) {
        const err119 = {
          instancePath: instancePath + '/historyLimit',
          schemaPath: '#/properties/historyLimit/minimum',
          keyword: 'minimum',
          params: { comparison: '>=', limit: 0 },
        };
        if (vErrors === null) {
          vErrors = [err119];
        } else {
          vErrors.push(err119);
        }
        errors++;
      }
    }
  } else {
    const err120 = { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'object' } };
    if (vErrors === null) {
      vErrors = [err120];
    } else {
      vErrors.push(err120);
    }
    errors++;
  }
  validate10.errors = vErrors;
  return errors === 0;
}
export const validateSchema = validate10 as unknown as SchemaValidation;
